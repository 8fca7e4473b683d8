package dev.kumo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TemplatesTest {

    private static final int MOST = 100_000;

    private static RenderBudget budget() {
        return new RenderBudget(MOST, Duration.ofMillis(300), System::nanoTime);
    }

    private static String render(TemplateDialect dialect, String source, boolean html, Map<String, Object> variables)
            throws TemplateException {
        return TemplateEngine.of(dialect, MOST).compile(source, html).render(variables, budget());
    }

    @Test
    void staticTextIsTakenAsItIs() throws TemplateException {
        assertThat(render(TemplateDialect.STATIC, "{{ a }} {% b %}", true, Map.of("a", 1)))
                .isEqualTo("{{ a }} {% b %}");
    }

    @Test
    void jinjaFillsFiltersAndLoops() throws TemplateException {
        assertThat(render(
                        TemplateDialect.JINJA,
                        "{{ name|upper }}{% for i in items %} {{ loop.index }}:{{ i }}{% endfor %}"
                                + "{% if gone %}x{% else %}{{ gone }}y{% endif %}",
                        false,
                        Map.of("name", "ann", "items", List.of("a", "b"))))
                .isEqualTo("ANN 1:a 2:by");
    }

    @Test
    void handlebarsFillsAndLoops() throws TemplateException {
        assertThat(render(
                        TemplateDialect.HANDLEBARS,
                        "{{name}}{{#each items}} {{this}}{{/each}}{{#if gone}}x{{else}}{{gone}}y{{/if}}{{a.b}}",
                        false,
                        Map.of("name", "ann", "items", List.of("a", "b"), "a", Map.of("b", 1))))
                .isEqualTo("ann a by1");
    }

    @ParameterizedTest
    @EnumSource(
            value = TemplateDialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void whatIsFilledInIsEscapedInHtmlAlone(TemplateDialect dialect) throws TemplateException {
        Map<String, Object> variables = Map.of("x", "<b>&\"");
        assertThat(render(dialect, "<i>{{ x }}</i>", false, variables)).isEqualTo("<i><b>&\"</i>");
        assertThat(render(dialect, "<i>{{ x }}</i>", true, variables))
                .startsWith("<i>&lt;b&gt;&amp;&")
                .endsWith("</i>");
    }

    @ParameterizedTest
    @EnumSource(
            value = TemplateDialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void whatIsFilledInIsNoTemplateItself(TemplateDialect dialect) throws TemplateException {
        assertThat(render(dialect, "{{ x }}", false, Map.of("x", "{{ y }}", "y", "secret")))
                .isEqualTo("{{ y }}");
    }

    @ParameterizedTest
    @EnumSource(
            value = TemplateDialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void nullAndNothingAreEmpty(TemplateDialect dialect) throws TemplateException {
        Map<String, Object> variables = new HashMap<>();
        variables.put("none", null);
        assertThat(render(dialect, "[{{ none }}{{ missing }}]", false, variables))
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @EnumSource(
            value = TemplateDialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void aTemplateReachesNoJava(TemplateDialect dialect) {
        for (String source : new String[] {
            "{{ x.class }}",
            "{{ x.getClass() }}",
            "{{ x.class.classLoader }}",
            "{{ ''.getClass().forName('java.lang.Runtime') }}"
        }) {
            try {
                assertThat(render(dialect, source, false, Map.of("x", "text")))
                        .as(source)
                        .doesNotContain("java")
                        .doesNotContain("class ");
            } catch (TemplateException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void jinjaReadsNoOtherTemplate() {
        for (String source : new String[] {"{% include 'a' %}", "{% import 'a' as b %}", "{% extends 'a' %}"}) {
            assertThatExceptionOfType(TemplateException.class)
                    .as(source)
                    .isThrownBy(() -> render(TemplateDialect.JINJA, source, false, Map.of()));
        }
    }

    @Test
    void handlebarsReadsNoOtherTemplateAndWritesNoLog() {
        for (String source : new String[] {"{{> a}}", "{{include 'a'}}", "{{log 'a'}}", "{{i18n 'a'}}"}) {
            assertThatExceptionOfType(TemplateException.class)
                    .as(source)
                    .isThrownBy(() -> render(TemplateDialect.HANDLEBARS, source, false, Map.of()));
        }
    }

    @Test
    void loopsThatDoNotEndAreEnded() {
        Map<String, Object> variables =
                Map.of("xs", IntStream.range(0, 5000).boxed().toList(), "none", Collections.emptyList());
        String jinja = "{% for a in xs %}{% for b in xs %}{% for c in xs %}{% endfor %}{% endfor %}{% endfor %}";
        String handlebars = "{{#each xs}}{{#each ../xs}}{{#each ../../xs}}{{/each}}{{/each}}{{/each}}";
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(TemplateDialect.JINJA, jinja, false, variables))
                .withMessageContaining("render_timeout");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(TemplateDialect.HANDLEBARS, handlebars, false, variables))
                .withMessageContaining("render_timeout");
    }

    @Test
    void outputWithoutEndIsCut() {
        Map<String, Object> variables =
                Map.of("xs", IntStream.range(0, 1000).boxed().toList(), "long", "x".repeat(1000));
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() ->
                        render(TemplateDialect.JINJA, "{% for a in xs %}{{ long }}{% endfor %}", false, variables))
                .withMessageContaining("max_message_size");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(
                        () -> render(TemplateDialect.HANDLEBARS, "{{#each xs}}{{../long}}{{/each}}", false, variables))
                .withMessageContaining("max_message_size");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(TemplateDialect.STATIC, "x".repeat(MOST + 1), false, variables));
    }

    @ParameterizedTest
    @EnumSource(
            value = TemplateDialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void aSyntaxErrorIsFoundWhenTheTemplateIsRead(TemplateDialect dialect) {
        String source = dialect == TemplateDialect.JINJA ? "a\n{% for %}" : "a\n{{#if x}}";
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> TemplateEngine.of(dialect, MOST).compile(source, false))
                .withMessageContaining("line 2");
    }

    @Test
    void withoutItsLibraryAnEngineTakesWhatIsNoTemplate() throws TemplateException {
        TemplateEngine missing = new MissingEngine("Jinja", "com.hubspot.jinjava:jinjava", "{{", "{%");
        assertThat(missing.compile("a { b } %", false).render(Map.of(), budget()))
                .isEqualTo("a { b } %");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> missing.compile("a {{ b }}", false))
                .withMessageContaining("com.hubspot.jinjava:jinjava");
    }
}
