package dev.kumo.core.log;

import dev.kumo.core.text.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes tables of expressions by class out of a file. */
final class BounceRuleFile {

    private static final String RULES = "rules";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private BounceRuleFile() {}

    static List<Map<String, List<String>>> read(Path file) throws IOException {
        try {
            return read(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            String mend = file.toString().endsWith(".toml") ? "; TOML is not read: write the same table in JSON" : "";
            throw new IllegalArgumentException(Quoted.of(file.toString()) + ": " + e.getMessage() + mend, e);
        }
    }

    static List<Map<String, List<String>>> read(byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            // The rest tells where the source is, in terms of Jackson.
            String what = e.getOriginalMessage().replaceFirst(" \\(start marker .*", "");
            throw new IllegalArgumentException("line " + e.getLocation().getLineNr() + ": " + what, e);
        }
        if (!root.isObject() || root.size() != 1 || !root.has(RULES)) {
            throw new IllegalArgumentException("it must have one key, 'rules', and nothing else beside it");
        }
        List<Map<String, List<String>>> tables = new ArrayList<>();
        JsonNode rules = root.get(RULES);
        for (JsonNode table : rules.isArray() ? rules : List.of(rules)) {
            tables.add(table(table));
        }
        return tables;
    }

    private static Map<String, List<String>> table(JsonNode table) {
        if (!table.isObject()) {
            throw new IllegalArgumentException("'rules' must be a table of lists of expressions by class");
        }
        Map<String, List<String>> expressions = new LinkedHashMap<>();
        table.properties().forEach(entry -> expressions.put(entry.getKey(), texts(entry.getKey(), entry.getValue())));
        return expressions;
    }

    private static List<String> texts(String type, JsonNode list) {
        List<String> texts = new ArrayList<>();
        boolean fit = list.isArray();
        for (JsonNode item : list) {
            fit &= item.isString();
            texts.add(item.asString(""));
        }
        if (!fit) {
            throw new IllegalArgumentException("rules." + Quoted.of(type) + " must be a list of strings");
        }
        return texts;
    }
}
