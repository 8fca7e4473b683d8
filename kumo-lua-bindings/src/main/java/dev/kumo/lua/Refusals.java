package dev.kumo.lua;

import dev.kumo.core.mail.EnhancedStatus;
import dev.kumo.core.mail.Reply;
import dev.kumo.core.policy.Verdict;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code kumo.reject} and {@code kumo.disconnect}: how a script says no. */
final class Refusals {

    private static final Pattern WITH_STATUS =
            Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?:\\s+|$)(.*)", Pattern.DOTALL);

    private static final int LONGEST = 10_000;

    static final LuaType TYPE = new LuaType(
            "refusal",
            LuaRefusal.class,
            true,
            refusal -> 1000L + 2L * refusal.toString().length(),
            Map.of("__tostring", Refusals::text));

    private Refusals() {}

    static void addTo(Map<String, LuaFunction> functions) {
        functions.put("kumo.reject", arguments -> {
            throw new LuaRefusal(Verdict.reject(reply(arguments)));
        });
        functions.put("kumo.disconnect", arguments -> {
            Reply reply = reply(arguments);
            throw new LuaRefusal(
                    switch (arguments.text(3, "ForceDisconnect")) {
                        case "ForceDisconnect" -> new Verdict.Disconnect(reply);
                        case "If421" -> Verdict.reject(reply);
                        default ->
                            throw new IllegalArgumentException(
                                    "kumo.disconnect: argument 3 must be 'ForceDisconnect' or 'If421', not '"
                                            + Shown.of(arguments.text(3)) + "'");
                    });
        });
    }

    /** Every refusal has an enhanced status (RFC 2034): the script's, at the start of the text, or x.7.1, a matter of policy. */
    private static Reply reply(Arguments arguments) {
        int code = arguments.between(1, 400, 599);
        String text = arguments.text(2, "refused");
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("the text of a refusal has at most " + LONGEST + " characters");
        }
        Matcher matcher = WITH_STATUS.matcher(text);
        boolean given = matcher.matches();
        EnhancedStatus status = EnhancedStatus.parse(given ? matcher.group(1) : code / 100 + ".7.1");
        List<String> lines = (given ? matcher.group(2) : text).lines().toList();
        return Reply.of(code, status, lines.isEmpty() ? List.of("refused") : lines);
    }

    private static String text(Arguments arguments) {
        Verdict verdict = arguments.object(1, LuaRefusal.class).verdict();
        Reply reply = verdict instanceof Verdict.Disconnect disconnect
                ? disconnect.reply()
                : verdict instanceof Verdict.Reject reject ? reject.reply() : Reply.OK;
        return reply.toString();
    }
}
