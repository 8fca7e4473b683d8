package dev.kumo.smtp.client;

import dev.kumo.core.mail.DomainName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes an answer of a response, RFC 1034 section 5.3.3 and RFC 2308. Keeps the aliases that were followed. */
final class AnswerReader<T> {

    /** Longer chains are an error; BIND follows 16. */
    private static final int MOST_ALIASES = 8;

    /** Nobody tries a hundred hosts; further records are not looked at. */
    private static final int MOST_RECORDS = 100;

    /** For an answer "none" that does not say how long. */
    private static final Duration NEGATIVE_TTL = Duration.ofMinutes(5);

    private static final int INTERNET = 1;

    /** What a response comes to. */
    sealed interface Reading<T> {}

    record Whole<T>(DnsAnswer<T> answer) implements Reading<T> {}

    /** The answer is under another name, and not in this response. */
    record Alias<T>(AnswerReader<T> next) implements Reading<T> {}

    /** Another server may know better. */
    record Useless<T>(String why) implements Reading<T> {}

    private record Target(String name, long ttl) {}

    private final String name;
    private final DnsType<T> type;
    private final Set<String> passed;
    private final long ttl;

    AnswerReader(String name, DnsType<T> type) {
        this(name, type, Set.of(), Integer.MAX_VALUE);
    }

    private AnswerReader(String name, DnsType<T> type, Set<String> passed, long ttl) {
        this.name = name;
        this.type = type;
        this.passed = passed;
        this.ttl = ttl;
    }

    /** The name to ask for, without the dot at its end. */
    String name() {
        return name;
    }

    Reading<T> read(DnsResponse response) {
        boolean exists = response.code().equals(DnsResponseCode.NOERROR);
        if (!exists && !response.code().equals(DnsResponseCode.NXDOMAIN)) {
            return new Useless<>(response.code().toString());
        }
        if (response.isTruncated()) {
            return new Useless<>("a truncated answer");
        }
        try {
            return follow(response, exists);
        } catch (IllegalArgumentException malformed) {
            return new Useless<>("a malformed answer");
        }
    }

    private Reading<T> follow(DnsResponse response, boolean exists) {
        Map<String, Target> aliases = type == DnsType.CNAME ? Map.of() : aliases(response);
        Set<String> seen = new HashSet<>(passed);
        String current = name;
        long left = ttl;
        for (Target target = aliases.get(current); target != null; target = aliases.get(current)) {
            if (!seen.add(current) || seen.size() > MOST_ALIASES) {
                return new Whole<>(new DnsAnswer.Failed<>("a chain of aliases that is too long or leads back"));
            }
            current = target.name();
            left = Math.min(left, target.ttl());
        }
        List<T> records = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER) && records.size() < MOST_RECORDS; i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().intValue() == type.code()
                    && isOf(current, record)
                    && record instanceof DnsRawRecord raw) {
                records.add(type.decode(octets(raw)));
                left = Math.min(left, ttl(record));
            }
        }
        if (!records.isEmpty()) {
            return new Whole<>(new DnsAnswer.Found<>(records, Duration.ofSeconds(left)));
        }
        Duration negative = negativeTtl(response);
        if (!exists) {
            return new Whole<>(new DnsAnswer.NoSuchName<>(least(left, negative)));
        }
        if (negative == null && !current.equals(name)) {
            return new Alias<>(new AnswerReader<>(current, type, seen, left));
        }
        if (negative == null && isReferral(response)) {
            return new Useless<>("a referral");
        }
        return new Whole<>(new DnsAnswer.NoData<>(least(left, negative)));
    }

    private static Map<String, Target> aliases(DnsResponse response) {
        Map<String, Target> aliases = new HashMap<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER) && aliases.size() <= MOST_ALIASES; i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(DnsRecordType.CNAME)
                    && record.dnsClass() == INTERNET
                    && record instanceof DnsRawRecord raw) {
                String target = DomainName.normalize(DnsType.CNAME.decode(octets(raw)));
                aliases.putIfAbsent(plain(record.name()), new Target(target, ttl(record)));
            }
        }
        return aliases;
    }

    private static boolean isOf(String name, DnsRecord record) {
        return record.dnsClass() == INTERNET && plain(record.name()).equals(name);
    }

    /** A server that does not recurse: its silence about records says nothing. */
    private static boolean isReferral(DnsResponse response) {
        if (response.isAuthoritativeAnswer()) {
            return false;
        }
        for (int i = 0; i < response.count(DnsSection.AUTHORITY); i++) {
            DnsRecord record = response.recordAt(DnsSection.AUTHORITY, i);
            if (record.type().equals(DnsRecordType.NS)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 2308 section 5: the lesser of the TTL of the SOA record and its last field; null without one. */
    private static @Nullable Duration negativeTtl(DnsResponse response) {
        for (int i = 0; i < response.count(DnsSection.AUTHORITY); i++) {
            DnsRecord record = response.recordAt(DnsSection.AUTHORITY, i);
            if (record.type().equals(DnsRecordType.SOA) && record instanceof DnsRawRecord raw) {
                ByteBuf soa = raw.content();
                if (soa.readableBytes() < 4) {
                    throw new IllegalArgumentException("an SOA record is longer");
                }
                long minimum = sane(soa.getUnsignedInt(soa.writerIndex() - 4));
                return Duration.ofSeconds(Math.min(minimum, ttl(record)));
            }
        }
        return null;
    }

    private static Duration least(long seconds, @Nullable Duration negative) {
        Duration other = negative == null ? NEGATIVE_TTL : negative;
        return other.toSeconds() < seconds ? other : Duration.ofSeconds(seconds);
    }

    private static long ttl(DnsRecord record) {
        return sane(record.timeToLive());
    }

    /** RFC 2181 section 8. */
    private static long sane(long ttl) {
        return ttl > Integer.MAX_VALUE ? 0 : ttl;
    }

    private static byte[] octets(DnsRawRecord record) {
        return ByteBufUtil.getBytes(record.content());
    }

    private static String plain(String name) {
        String rootless = name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return rootless.toLowerCase(Locale.ROOT);
    }
}
