package dev.kumo.testkit;

import dev.kumo.core.spool.Spool;

class MemorySpoolContractTest extends SpoolContract {

    @Override
    protected Spool open() {
        return Spool.inMemory(16 << 20);
    }
}
