package dev.kumo.testkit;

import dev.kumo.core.spool.DiskSpoolOptions;
import dev.kumo.core.spool.Spool;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DiskSpoolContractTest extends SpoolContract {

    @TempDir
    Path directory;

    @Override
    protected Spool open() throws Exception {
        return Spool.onDisk(DiskSpoolOptions.builder()
                .path(directory.resolve("spool"))
                .minFreeSpace("0%") // whatever the disk is that this test runs on
                .build());
    }

    @Override
    protected Spool reopen(Spool closed) throws Exception {
        return open();
    }
}
