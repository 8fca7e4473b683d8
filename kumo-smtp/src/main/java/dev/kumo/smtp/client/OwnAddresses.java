package dev.kumo.smtp.client;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses of this machine by which others may know it; loopback is not one. */
final class OwnAddresses {

    private OwnAddresses() {}

    static Set<InetAddress> now() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            return Set.of(); // what loops is counted in Received fields, too
        }
    }
}
