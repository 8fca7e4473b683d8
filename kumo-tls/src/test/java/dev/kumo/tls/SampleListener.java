package dev.kumo.tls;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A builder with a key source, as those of the listeners. Public, because options are set from outside. */
public final class SampleListener {

    private final UnaryOperator<String> environment;
    KeySource certificate;

    SampleListener(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    public SampleListener tlsCertificate(String path) {
        return tlsCertificate(KeySource.file(path));
    }

    public SampleListener tlsCertificate(Consumer<KeySource.Builder> table) {
        return tlsCertificate(KeySource.of(source -> {
            source.environment(environment);
            table.accept(source);
        }));
    }

    public SampleListener tlsCertificate(KeySource source) {
        certificate = source;
        return this;
    }
}
