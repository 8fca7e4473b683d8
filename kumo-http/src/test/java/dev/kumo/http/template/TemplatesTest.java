package dev.kumo.http.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TemplatesTest {

    private static final int MOST = 100_000;

    enum Dialect {
        JINJA,
        STATIC,
        HANDLEBARS;

        TemplateEngine engine() {
            return switch (this) {
                case JINJA -> TemplateEngine.jinja(MOST);
                case STATIC -> TemplateEngine.none();
                case HANDLEBARS -> TemplateEngine.handlebars();
            };
        }
    }

    /** A tenth of a millisecond passes whenever the time is looked at. */
    private static RenderBudget budget() {
        AtomicLong now = new AtomicLong();
        return new RenderBudget(MOST, Duration.ofMillis(300), () -> now.addAndGet(100_000));
    }

    private static String render(Dialect dialect, String source, boolean html, Map<String, Object> variables)
            throws TemplateException {
        return dialect.engine().compile(source, html).render(variables, budget());
    }

    @Test
    void staticTextIsTakenAsItIs() throws TemplateException {
        assertThat(render(Dialect.STATIC, "{{ a }} {% b %}", true, Map.of("a", 1)))
                .isEqualTo("{{ a }} {% b %}");
    }

    @Test
    void jinjaFillsFiltersAndLoops() throws TemplateException {
        assertThat(render(
                        Dialect.JINJA,
                        "{{ name|upper }}{% for i in items %} {{ loop.index }}:{{ i }}{% endfor %}"
                                + "{% if gone %}x{% else %}{{ gone }}y{% endif %}",
                        false,
                        Map.of("name", "ann", "items", List.of("a", "b"))))
                .isEqualTo("ANN 1:a 2:by");
    }

    @Test
    void handlebarsFillsAndLoops() throws TemplateException {
        assertThat(render(
                        Dialect.HANDLEBARS,
                        "{{name}}{{#each items}} {{this}}{{/each}}{{#if gone}}x{{else}}{{gone}}y{{/if}}{{a.b}}",
                        false,
                        Map.of("name", "ann", "items", List.of("a", "b"), "a", Map.of("b", 1))))
                .isEqualTo("ann a by1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void whatIsFilledInIsEscapedInHtmlAlone(Dialect dialect) throws TemplateException {
        Map<String, Object> variables = Map.of("x", "<b>&\"");
        assertThat(render(dialect, "<i>{{ x }}</i>", false, variables)).isEqualTo("<i><b>&\"</i>");
        assertThat(render(dialect, "<i>{{ x }}</i>", true, variables))
                .startsWith("<i>&lt;b&gt;&amp;&")
                .endsWith("</i>");
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void whatIsFilledInIsNoTemplateItself(Dialect dialect) throws TemplateException {
        assertThat(render(dialect, "{{ x }}", false, Map.of("x", "{{ y }}", "y", "secret")))
                .isEqualTo("{{ y }}");
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void nullAndNothingAreEmpty(Dialect dialect) throws TemplateException {
        Map<String, Object> variables = new HashMap<>();
        variables.put("none", null);
        assertThat(render(dialect, "[{{ none }}{{ missing }}]", false, variables))
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void aTemplateReachesNoJava(Dialect dialect) {
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
                    .isThrownBy(() -> render(Dialect.JINJA, source, false, Map.of()));
        }
    }

    @Test
    void handlebarsReadsNoOtherTemplateAndWritesNoLog() {
        for (String source : new String[] {"{{> a}}", "{{include 'a'}}", "{{log 'a'}}", "{{i18n 'a'}}"}) {
            assertThatExceptionOfType(TemplateException.class)
                    .as(source)
                    .isThrownBy(() -> render(Dialect.HANDLEBARS, source, false, Map.of()));
        }
    }

    @Test
    void aTemplateLeavesNothingForTheNext() throws TemplateException {
        TemplateEngine engine = Dialect.JINJA.engine();
        String first = "{% set x = 1 %}{% macro m() %}a{% endmacro %}{{ x }}{{ m() }}{{ secret }}";
        assertThat(engine.compile(first, false).render(Map.of("secret", "s"), budget()))
                .isEqualTo("1as");
        assertThat(engine.compile("-{{ x }}{{ secret }}-", false).render(Map.of(), budget()))
                .isEqualTo("--");
        Template second = engine.compile("{{ m() }}", false);
        assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> second.render(Map.of(), budget()));
    }

    @Test
    void loopsThatDoNotEndAreEnded() {
        Map<String, Object> variables =
                Map.of("xs", IntStream.range(0, 5000).boxed().toList(), "none", Collections.emptyList());
        String jinja = "{% for a in xs %}{% for b in xs %}{% for c in none %}{% endfor %}{% endfor %}{% endfor %}";
        String handlebars = "{{#each xs}}{{#each ../xs}}{{#each ../../none}}{{/each}}{{/each}}{{/each}}";
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(Dialect.JINJA, jinja, false, variables))
                .withMessageContaining("render_timeout");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(Dialect.HANDLEBARS, handlebars, false, variables))
                .withMessageContaining("render_timeout");
    }

    @Test
    void outputWithoutEndIsCut() {
        Map<String, Object> variables =
                Map.of("xs", IntStream.range(0, 1000).boxed().toList(), "long", "x".repeat(1000));
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(Dialect.JINJA, "{% for a in xs %}{{ long }}{% endfor %}", false, variables))
                .withMessageContaining("max_message_size");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(Dialect.HANDLEBARS, "{{#each xs}}{{../long}}{{/each}}", false, variables))
                .withMessageContaining("max_message_size");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(Dialect.STATIC, "x".repeat(MOST + 1), false, variables));
    }

    @ParameterizedTest
    @EnumSource(
            value = Dialect.class,
            names = {"JINJA", "HANDLEBARS"})
    void aSyntaxErrorIsFoundWhenTheTemplateIsRead(Dialect dialect) {
        String source = dialect == Dialect.JINJA ? "a\n{% for %}" : "a\n{{#if x}}";
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> dialect.engine().compile(source, false))
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
