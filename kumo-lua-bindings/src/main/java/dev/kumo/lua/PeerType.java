package dev.kumo.lua;

import dev.kumo.smtp.server.Peer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The object {@code conn} of the events of a session: its meta data. */
final class PeerType {

    static final LuaType TYPE = new LuaType(
            "connection",
            Peer.class,
            false,
            Map.of(
                    "get_meta", PeerType::getMeta,
                    "set_meta", PeerType::setMeta,
                    "auth_info", PeerType::authInfo,
                    "__tostring", PeerType::text));

    private PeerType() {}

    private static @Nullable Object getMeta(Arguments arguments) {
        return arguments.object(1, Peer.class).meta().get(arguments.name(2)).orElse(null);
    }

    private static @Nullable Object setMeta(Arguments arguments) {
        MetaData.set(arguments.object(1, Peer.class).meta(), arguments);
        return null;
    }

    private static Object authInfo(Arguments arguments) {
        Peer peer = arguments.object(1, Peer.class);
        return AuthInfo.of(peer.client().getAddress(), peer.identity(), List.of());
    }

    private static Object text(Arguments arguments) {
        return arguments.object(1, Peer.class).toString();
    }
}
