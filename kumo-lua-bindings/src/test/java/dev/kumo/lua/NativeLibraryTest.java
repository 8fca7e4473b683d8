package dev.kumo.lua;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeLibraryTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, liblua5464.so",
        "Linux, aarch64, liblua54arm64.so",
        "Linux, arm, liblua54arm.so",
        "Linux, i386, liblua54.so",
        "Mac OS X, x86_64, liblua5464.dylib",
        "Mac OS X, aarch64, liblua54arm64.dylib",
        "Windows 11, amd64, lua5464.dll",
        "Windows 10, x86, lua54.dll",
        "Windows 11, aarch64, lua54arm64.dll",
    })
    void isInTheJarForEachMachine(String system, String architecture, String name) {
        assertThat(NativeLibrary.fileName(system, architecture)).isEqualTo(name);
        assertThat(NativeLibrary.class.getClassLoader().getResource(name)).isNotNull();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which deletes no file that is in use
    void isLoadedOnceAndLeavesNothingBehind() {
        Path path = Path.of(NativeLibrary.load());

        assertThat(NativeLibrary.load()).isEqualTo(path.toString());
        assertThat(path.getParent()).doesNotExist();
    }
}
