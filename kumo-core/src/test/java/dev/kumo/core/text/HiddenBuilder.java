package dev.kumo.core.text;

import java.util.ArrayList;
import java.util.List;

final class HiddenBuilder {

    final List<String> names = new ArrayList<>();

    public HiddenBuilder name(String name) {
        names.add(name);
        return this;
    }
}
