package dev.kumo.core.report;

import dev.kumo.core.mail.EnhancedStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the {@code message/delivery-status} of RFC 3464 section 2.1. */
final class BounceReader {

    private static final Pattern STATUS = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})(?!\\d)(.*)");
    private static final Pattern CODE = Pattern.compile("([2-5]\\d\\d)(?:[ -](.*))?");
    private static final int UNKNOWN_CODE = 550;

    private BounceReader() {}

    static BounceReport read(ReportParts parts) throws MalformedReportException {
        byte[] status = parts.status();
        List<FieldBlock> blocks = status == null ? List.of() : FieldBlock.read(status);
        if (blocks.isEmpty()) {
            throw new MalformedReportException("no delivery status");
        }
        FieldBlock message = blocks.get(0);
        MtaName reportingMta = MtaName.read(message.required("reporting-mta"));
        Optional<String> envelopeId = message.first("original-envelope-id");
        Optional<MtaName> gateway = message.first("dsn-gateway").map(MtaName::read);
        Optional<MtaName> receivedFrom = message.first("received-from-mta").map(MtaName::read);
        Optional<Instant> arrivalDate = message.first("arrival-date").flatMap(ReportDate::read);

        // Some write no empty line in front of the only recipient; what is left of the block is then about that one.
        boolean joined = isRecipient(message);
        List<BounceReport.Recipient> recipients = new ArrayList<>();
        for (FieldBlock block : blocks.subList(joined ? 0 : 1, blocks.size())) {
            if (isRecipient(block)) {
                recipients.add(recipient(block));
            }
        }
        if (recipients.isEmpty()) {
            throw new MalformedReportException("no recipient");
        }
        return new BounceReport(
                reportingMta,
                envelopeId,
                gateway,
                receivedFrom,
                arrivalDate,
                joined ? Map.of() : message.rest(),
                recipients,
                parts.original(),
                parts.trace());
    }

    /** Gateways and virus scanners like to sign what passes. */
    private static boolean isRecipient(FieldBlock block) {
        return block.has("final-recipient") || block.has("action") || block.has("status");
    }

    private static BounceReport.Recipient recipient(FieldBlock block) throws MalformedReportException {
        Matcher status = STATUS.matcher(block.required("status"));
        if (!status.matches()) {
            throw new MalformedReportException("Status is none");
        }
        return new BounceReport.Recipient(
                address(block.required("final-recipient")),
                action(block.required("action")),
                new EnhancedStatus(
                        Integer.parseInt(status.group(1)),
                        Integer.parseInt(status.group(2)),
                        Integer.parseInt(status.group(3))),
                Optional.of(status.group(4).strip()).filter(comment -> !comment.isEmpty()),
                block.first("original-recipient").map(BounceReader::address),
                block.first("remote-mta").map(MtaName::read),
                block.first("diagnostic-code").map(BounceReader::diagnostic),
                block.first("last-attempt-date").flatMap(ReportDate::read),
                block.first("final-log-id"),
                block.first("will-retry-until").flatMap(ReportDate::read),
                block.rest());
    }

    private static BounceReport.Action action(String value) throws MalformedReportException {
        int comment = value.indexOf('(');
        String word =
                (comment < 0 ? value : value.substring(0, comment)).strip().toLowerCase(Locale.ROOT);
        return switch (word) {
            case "failed", "failure" -> BounceReport.Action.FAILED;
            case "delayed", "deferred" -> BounceReport.Action.DELAYED;
            case "delivered" -> BounceReport.Action.DELIVERED;
            case "relayed" -> BounceReport.Action.RELAYED;
            case "expanded" -> BounceReport.Action.EXPANDED;
            default -> throw new MalformedReportException("Action is none");
        };
    }

    private static BounceReport.Address address(String value) {
        Typed typed = Typed.read(value, "rfc822");
        boolean mailbox =
                typed.type().equalsIgnoreCase("rfc822") || typed.type().equalsIgnoreCase("utf-8");
        return new BounceReport.Address(typed.type(), mailbox ? Typed.address(typed.text()) : typed.text());
    }

    private static BounceReport.Diagnostic diagnostic(String value) {
        Typed typed = Typed.read(value, "smtp");
        return new BounceReport.Diagnostic(typed.type(), typed.text());
    }

    /** What was said, divided into a code and the rest, if it begins with a code. */
    static BounceReport.Response response(String said, EnhancedStatus status) {
        Matcher code = CODE.matcher(said);
        if (!code.matches()) {
            return new BounceReport.Response(UNKNOWN_CODE, status, said);
        }
        String content = code.group(2) == null ? "" : code.group(2).strip();
        return new BounceReport.Response(Integer.parseInt(code.group(1)), status, content);
    }
}
