package dev.kumo.smtp.server;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a listener may call itself, RFC 5321 section 4.1.2: anything else would be illegal in a greeting. */
final class Hostname {

    private Hostname() {}

    /** The name of this machine. */
    static String local() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    static String required(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "must be a host name in ASCII, such as mail.example.com, or an address literal, not '" + name
                            + "'");
        }
        return name;
    }

    private static boolean isValid(String name) {
        try {
            if (name.startsWith("[")) {
                AddressLiteral.parse(name);
            } else {
                DomainName.normalize(name);
            }
            return !name.endsWith(".") && name.chars().allMatch(c -> c < 0x80);
        } catch (IllegalArgumentException neither) {
            return false;
        }
    }
}
