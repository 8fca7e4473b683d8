package dev.kumo.http.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates written to cost much, or to reach what is not theirs. */
@Timeout(10)
class HostileTemplatesTest {

    private static final int MOST = 1_000_000;

    private final TemplateEngine jinja = TemplateEngine.jinja(MOST);
    private final TemplateEngine handlebars = TemplateEngine.handlebars();

    /** A microsecond passes whenever the time is looked at. */
    private static RenderBudget budget() {
        AtomicLong now = new AtomicLong();
        return new RenderBudget(MOST, Duration.ofMillis(300), () -> now.addAndGet(1000));
    }

    private static String render(TemplateEngine engine, String source, Map<String, Object> variables)
            throws TemplateException {
        return engine.compile(source, false).render(variables, budget());
    }

    @Test
    void noNameInATemplateHidesTheTime() {
        String source = "{% for dev.kumo.http.budget in range(2) %}{% for a in range(10000) %}"
                + "{% for b in range(10000) %}{% if a %}{% endif %}{% endfor %}{% endfor %}{% endfor %}";
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(jinja, source, Map.of()))
                .withMessageContaining("render_timeout");
    }

    static List<String> costly() {
        List<String> all = new ArrayList<>(List.of(
                "{{ 1|round(400000000) }}",
                "{{ 1|round('400000000') }}",
                "{{ 'x'|center(400000000) }}",
                "{{ 'a\nb'|indent(2000000000) }}",
                "{{ 'a\nb'|indent(width=2000000000) }}",
                "{{ 'aaaa'.repeat(500000000) }}",
                "{{ [1]|batch(400000000, 'x') }}",
                "{{ [1]|slice(400000000, 'x') }}",
                "{{ '%400000000d'|format(1) }}",
                "{{ '%.400000000f'|format(1.5) }}",
                "{{ '1e400000000'|add(1) }}",
                "{{ '1e400000000'|round(2) }}",
                "{{ ['1e400000000', 1]|sum }}",
                "{{ x|render }}",
                "{{ x|striptags }}",
                "{{ '{a: 1}'|fromyaml }}",
                "{{ x|regex_replace('(a|aa)+$', '') }}",
                "{{ x.matches('(a|aa)+b') }}",
                "{{ x.split('(a|aa)+$') }}",
                "{{ x.replaceAll('(a|aa)+$', '') }}",
                "{{ long|replace('a', long) }}",
                "{{ range(10000)|join(long) }}",
                "{{ [" + "long,".repeat(1500) + "1]|string }}",
                "{{ [" + "long,".repeat(1500) + "1] }}",
                "{{ " + "(".repeat(60_000) + "1" + ")".repeat(60_000) + " }}",
                "{{ " + "(".repeat(2000) + "1" + ")".repeat(2000) + " }}",
                "{{ " + "[".repeat(2000) + "]".repeat(2000) + " }}",
                "{% if 1 %}".repeat(5000) + "y" + "{% endif %}".repeat(5000),
                "{% set l = ['xx', 'xx'] %}" + "{% set l = [l, l] %}".repeat(60) + "{{ l }}",
                "{% set l = ['xx', 'xx'] %}" + "{% set l = l + l %}".repeat(60) + "{{ l|length }}",
                "{% set l = ['xx', 'xx'] %}" + "{% set l = [l, l] %}".repeat(60) + "{{ l == l }}",
                "{% set n = 10 %}" + "{% set n = n|multiply(n) %}".repeat(60) + "{{ n|round(60) }}",
                "{% set s = 'xxxxxxxxxx' %}" + "{% set s = s ~ s %}".repeat(60) + "{{ s|length }}"));
        StringBuilder macros = new StringBuilder("{% macro m0() %}x{% endmacro %}");
        for (int i = 1; i < 2000; i++) {
            macros.append("{% macro m" + i + "() %}{{ m" + (i - 1) + "() }}{% endmacro %}");
        }
        all.add(macros + "{{ m1999() }}");
        return all;
    }

    @ParameterizedTest
    @MethodSource("costly")
    void whatCostsMuchIsRefusedAtOnce(String source) {
        Map<String, Object> variables =
                Map.of("x", "a".repeat(60) + "!{{ " + "(".repeat(60_000) + " }}", "long", "a".repeat(10_000));
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render(jinja, source, variables))
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("Error:").doesNotContain("heap"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 2|round(1) }}{{ 'x'|center(5) }}{{ 'a\nb'|indent(2) }}=2.0  x  a\n  b",
                "{{ 'a,b'|replace(',', '-')|upper }}=A-B",
                "{% for k, v in m.items() %}{{ k }}{{ v }}{% endfor %}=a1",
                "{% for e in m.items() %}{{ e.key }}{{ e.value }}{% endfor %}=a1",
                "{{ m.a }}{{ m['a'] }}{{ m.get('b', 2) }}{{ l[0] }}{{ l[-1] }}=112xy",
                "{{ l|join('+') }}{{ l|length }}{{ l|first }}=x+y2x",
                "{% set o = [] %}{% for e in l %}{% do o.append(e ~ loop.index) %}{% endfor %}{{ o|join }}=x1y2",
                "{{ 1 is odd }}{{ 2 is not odd }}{{ 'x' in l }}=truetruetrue",
                "{{ l|map('upper')|join }}{{ [3,1]|sort|join }}{{ [1,2]|sum }}=XY133",
                "{{ '%s-%d'|format('a', 2) }}{{ m|tojson }}=a-2{\"a\":1}",
                "{{ (1 + 2) * 3 }}{{ 2 ** 3 }}{{ 'a' ~ 'b' }}=98ab",
                "{% macro m1(a) %}<{{ a }}>{% endmacro %}{{ m1('x') }}=<x>",
                "{% set n = namespace(c=0) %}{% for e in l %}{% set n.c = n.c + 1 %}{% endfor %}{{ n.c }}=2",
                "{{ x.class }}{{ x.bytes }}{{ ____int3rpr3t3r____.config }}="
            })
    void whatTemplatesAreForStillWorks(String example) throws TemplateException {
        int split = example.lastIndexOf('=', example.endsWith("=") ? example.length() : example.length() - 1);
        assertThat(render(
                        jinja,
                        example.substring(0, split),
                        Map.of("m", Map.of("a", 1), "l", List.of("x", "y"), "x", "t")))
                .isEqualTo(example.substring(split + 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{#*inline \"p\"}}{{> p}}{{/inline}}{{> p}}",
                "{{#*inline \"p\"}}x{{/inline}}hi {{> p}}",
                "{{#> p}}x{{/p}}"
            })
    void noTemplateOfHandlebarsIncludesItself(String source) {
        assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> render(handlebars, source, Map.of("a", 1)));
    }

    @Test
    void handlebarsAreNotNestedWithoutEnd() {
        for (String source : List.of(
                "{{#if a}}".repeat(3000) + "x" + "{{/if}}".repeat(3000),
                "{{a " + "(a ".repeat(3000) + ")".repeat(3000) + "}}")) {
            assertThatExceptionOfType(TemplateException.class)
                    .isThrownBy(() -> render(handlebars, source, Map.of("a", 1)))
                    .satisfies(e -> assertThat(e.getMessage()).contains("deep"));
        }
    }
}
