package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.mail.Content;
import dev.kumo.core.mail.Envelope;
import dev.kumo.core.mail.EnvelopeAddress;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.MessageId;
import dev.kumo.core.mail.Meta;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which object of Java a script means. */
class LuaObjectsTest {

    private final SplittableRandom random = new SplittableRandom(20261122);

    private Message message() {
        return new Message(
                MessageId.next(Instant.EPOCH, random),
                Envelope.of(EnvelopeAddress.parse("a@client.example"), EnvelopeAddress.parse("b@example.com")),
                new Meta(),
                Content.of(new byte[0]));
    }

    private static LuaEngine engine(String script) {
        LuaEngine engine = new NativeLua(Policies.library(), LuaBounds.DEFAULT);
        engine.run(new Script("policy.lua", script.getBytes(StandardCharsets.UTF_8)));
        return engine;
    }

    @Test
    void thatOfAnEarlierEventIsNotTakenForOneOfThis() {
        try (LuaEngine engine = engine("""
                local before
                kumo.on('init', function(msg)
                  if before then
                    local ok, trouble = pcall(before.id, before)
                    assert(not ok and trouble:find('has ended', 1, true), trouble)
                  end
                  before = msg
                  return msg:id()
                end)
                """)) {
            for (int i = 0; i < 3; i++) {
                Message message = message();
                assertThat(engine.call("init", true, message))
                        .isEqualTo(message.id().text());
            }
        }
    }

    @Test
    void eachOfManyIsToldFromTheOthers() {
        try (LuaEngine engine = engine("""
                kumo.on('init', function(...)
                  local ids = {}
                  for i, msg in ipairs { ... } do
                    ids[i] = msg:id()
                  end
                  collectgarbage()
                  return table.concat(ids, ',')
                end)
                """)) {
            for (int round = 0; round < 3; round++) {
                Message[] messages = new Message[20];
                StringBuilder ids = new StringBuilder();
                for (int i = 0; i < messages.length; i++) {
                    messages[i] = message();
                    ids.append(i == 0 ? "" : ",").append(messages[i].id().text());
                }
                assertThat(engine.call("init", true, (Object[]) messages)).isEqualTo(ids.toString());
            }
        }
    }

    @Test
    void whatIsMadeAndDroppedAgainAndAgainIsWhatWasMadeLast() {
        try (LuaEngine engine = engine("""
                kumo.on('init', function()
                  local last
                  for i = 1, 5000 do
                    last = kumo.domain_map.new { ['a.example'] = i }
                    assert(last['a.example'] == i)
                  end
                  return last['a.example']
                end)
                """)) {
            assertThat(engine.call("init", true)).isEqualTo(5000L);
        }
    }

    @Test
    void namesAreReadAsTheyAreHoweverManyThereAre() {
        try (LuaEngine engine = engine("""
                kumo.on('init', function(msg)
                  for round = 1, 3 do
                    for i = 1, 1000 do
                      msg:set_meta('x_' .. i, i)
                    end
                    for i = 1, 1000 do
                      assert(msg:get_meta('x_' .. i) == i)
                      collectgarbage(i % 250 == 0 and 'collect' or 'count')
                    end
                  end
                  local long = ('n'):rep(60)
                  msg:set_meta(long, 'long')
                  msg:set_meta(7, 'number')
                  return msg:get_meta(('n'):rep(60)) .. msg:get_meta '7' .. tostring(pcall(msg.get_meta, msg, {}))
                end)
                """)) {
            assertThat(engine.call("init", true, message())).isEqualTo("longnumberfalse");
        }
    }

    @Test
    void whatIsMadeWhereADroppedMessageWasIsNotTakenForIt() {
        try (LuaEngine engine = engine("""
                kumo.on('init', function(msg)
                  msg = nil
                  collectgarbage()
                  for i = 1, 3000 do
                    local made = kumo.regex.compile('')
                    assert(made:is_match 'x')
                  end
                  return 'each was its own'
                end)
                """)) {
            for (int round = 0; round < 3; round++) {
                assertThat(engine.call("init", true, message())).isEqualTo("each was its own");
            }
        }
    }

    @Test
    void namesOfFewCharactersAndManyBytesAreReadAsTheyAre() {
        try (LuaEngine engine = engine("""
                local first = 0
                kumo.on('init', function(msg)
                  for i = first, first + 99 do
                    msg:set_meta('x_' .. ('\u00e9'):rep(20) .. i, i)
                  end
                  collectgarbage()
                  first = first + 100
                  return msg:get_meta('x_' .. ('\u00e9'):rep(20) .. first - 1)
                end)
                """)) {
            for (int round = 0; round < 50; round++) {
                Message message = message();
                assertThat(engine.call("init", true, message)).isEqualTo(100L * round + 99);
                assertThat(message.meta().asMap()).hasSize(100);
            }
        }
    }
}
