package dev.kumo.http;

/** A path and what it answers to one method. */
record Route(Method method, String path, Access access, Operation operation, Handler handler) {

    /** One that its owner documents elsewhere. */
    Route(Method method, String path, Access access, Handler handler) {
        this(method, path, access, Operation.of("Part of the application that embeds this listener"), handler);
    }

    Route {
        boolean fit = path.startsWith("/")
                && path.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '%' && c != '\\');
        if (!fit) {
            throw new IllegalArgumentException(
                    "a path begins with / and holds printable ASCII without ?, #, % and \\, unlike "
                            + Printable.quoted(path));
        }
    }
}
