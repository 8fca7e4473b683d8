package dev.kumo.core.listen;

import dev.kumo.core.mail.AddressLiteral;
import dev.kumo.core.mail.DomainName;
import dev.kumo.core.text.Quoted;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a listener may call itself, RFC 5321 section 4.1.2: it stands in greetings, in {@code Received}, in
 * {@code Message-ID} and in certificates.
 */
public final class Hostname {

    private Hostname() {}

    /**
     * The name of this machine.
     *
     * @return {@code localhost} if it has none, or one that is no host name
     */
    public static String local() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return isValid(name) ? name : "localhost";
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    /**
     * Requires that a name can be one.
     *
     * @param name what was asked for
     * @return the name
     * @throws IllegalArgumentException if it is neither a host name in ASCII nor an address literal
     */
    public static String required(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException(
                    "must be a host name in ASCII, such as mail.example.com, or an address literal, not "
                            + Quoted.of(name));
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
