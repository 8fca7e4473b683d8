package dev.kumo.core.log;

/** Hears what happens and decides nothing. */
public interface MtaObserver {

    /** Hears nothing. */
    MtaObserver NONE = new MtaObserver() {};
}
