package dev.kumo.http;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.http.answer.Printable;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a listener may call itself: it stands in a certificate, in Received and in Message-ID. */
final class Hostname {

    private Hostname() {}

    /** The name of this machine; {@code localhost} if that is no host name. */
    static String local() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return isValid(name) ? name : "localhost";
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    static String required(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "must be a host name in ASCII, such as mail.example.com, or an address literal, not "
                            + Printable.quoted(name));
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
