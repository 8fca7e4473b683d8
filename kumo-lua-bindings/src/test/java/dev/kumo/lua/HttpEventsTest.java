package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.core.Reception;
import dev.kumo.core.mail.Message;
import dev.kumo.core.mail.Reply;
import dev.kumo.http.HttpListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events of an HTTP listener that a script starts. */
@Timeout(60)
class HttpEventsTest {

    private static final String LISTENER = """
            kumo.on('init', function()
              kumo.start_http_listener { listen = '127.0.0.1:0', hostname = 'mx.example.com', trusted_hosts = {} }
            end)
            kumo.on('http_server_validate_auth_basic', function(user, password)
              if user == 'daniel' then
                return { identities = { { identity = user, context = 'HttpBasicAuth' } }, groups = { 'staff' } }
              elseif user == 'other' then
                return { identities = { { identity = 'root', context = 'HttpBasicAuth' } } }
              elseif user == 'odd' then
                return 'yes'
              end
              return ({ scott = 'tiger' })[user] == password
            end)
            """;

    @TempDir
    Path folder;

    private final List<Message> received = new CopyOnWriteArrayList<>();
    private LuaPolicyFile policy;
    private HttpListener listener;

    @AfterEach
    void close() {
        listener.close();
        policy.close();
    }

    private void start(String script) throws Exception {
        policy = Policies.load(folder, script);
        listener = policy.httpListeners().get(0);
        listener.open(Reception.of(message -> {
            received.add(message);
            return Reply.OK;
        }));
    }

    private HttpResponse<String> inject(String authorization, String... recipients) throws Exception {
        StringBuilder to = new StringBuilder();
        for (String recipient : recipients) {
            to.append(to.isEmpty() ? "" : ",")
                    .append("{\"email\":\"")
                    .append(recipient)
                    .append("\"}");
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + listener.address().getPort() + "/api/inject/v1"))
                .header("Content-Type", "application/json")
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"envelope_sender": "a@client.example", "content": "Subject: hi\\r\\n\\r\\nhello", "recipients": [%s]}
                        """.formatted(to)))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void asksTheScriptForUsersAndPasswords() throws Exception {
        start(LISTENER);

        assertThat(inject(basic("scott", "tiger"), "b@example.com").statusCode())
                .isEqualTo(200);
        assertThat(inject(basic("scott", "lion"), "b@example.com").statusCode()).isEqualTo(401);
        assertThat(inject(basic("nobody", ""), "b@example.com").statusCode()).isEqualTo(401);
        assertThat(received)
                .singleElement()
                .satisfies(
                        message -> assertThat(message.meta().get("http_auth")).contains("scott"));
    }

    @Test
    void takesAnAuthInfoOfTheUserAndOfNobodyElse() throws Exception {
        start(LISTENER);

        assertThat(inject(basic("daniel", "x"), "b@example.com").statusCode()).isEqualTo(200);
        assertThat(inject(basic("other", "x"), "b@example.com").statusCode()).isEqualTo(500);
        assertThat(inject(basic("odd", "x"), "b@example.com").statusCode()).isEqualTo(500);
    }

    @Test
    void asksTheScriptWhoseTokenItIs() throws Exception {
        start(LISTENER + """
                kumo.on('http_server_validate_auth_bearer', function(token)
                  if token == 'truth' then
                    return true
                  end
                  return token == 'secret' and { identities = { { identity = 'shop', context = 'BearerToken' } } }
                end)
                """);

        assertThat(inject("Bearer secret", "b@example.com").statusCode()).isEqualTo(200);
        assertThat(inject("Bearer public", "b@example.com").statusCode()).isEqualTo(401);
        assertThat(inject("Bearer truth", "b@example.com").statusCode()).isEqualTo(500);
        assertThat(received)
                .singleElement()
                .satisfies(
                        message -> assertThat(message.meta().get("http_auth")).contains("shop"));
    }

    @Test
    void offersOnlyTheSchemesThatTheScriptHandles() throws Exception {
        start(LISTENER);

        assertThat(inject("Bearer x", "b@example.com").headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .startsWith("Basic ");
    }

    @Test
    void letsTheScriptChangeAndRefuseMessages() throws Exception {
        start(LISTENER + """
                kumo.on('http_message_generated', function(msg, auth_info)
                  assert(auth_info.peer_address == '127.0.0.1')
                  assert(auth_info.identities[1].identity == 'scott')
                  assert(#auth_info.groups == 0)
                  if msg:recipient().user == 'nobody' then
                    kumo.reject(550, '5.1.1 no such user')
                  elseif msg:recipient().user == 'wrong' then
                    error 'oh'
                  end
                  msg:set_meta('tenant', auth_info.identities[1].identity)
                end)
                """);

        HttpResponse<String> answer =
                inject(basic("scott", "tiger"), "b@example.com", "nobody@example.com", "wrong@example.com");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"success_count\":1", "\"fail_count\":2", "550 5.1.1 no such user", "451 4.3.0");
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.queue().toString()).isEqualTo("scott@example.com"));
    }
}
