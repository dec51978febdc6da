package io.sparkpeft.fault.disk;

import io.sparkpeft.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;

/** The program, in a process where something happens just before a file of a certain name is written. */
public final class FaultyDriver {
    private FaultyDriver() {}

    /** What happens. */
    public enum Event {
        /** The process is killed by SIGKILL. */
        DIE,
        /** It stands still until there is a file {@code go-on} in the directory that {@code faulty.signals} names, having told its clock. */
        WAIT
    }

    /** @param arguments of the command line; system properties say what happens before what */
    public static void main(String[] arguments) {
        Event event = Event.valueOf(System.getProperty("faulty.event"));
        String file = System.getProperty("faulty.file");
        DiskFault.inject(new DiskFault() {
            @Override
            protected void before(Operation operation, Path path) throws IOException {
                if (operation == Operation.CREATE && path.toString().contains(file)) {
                    happen(event);
                }
            }
        });
        Main.main(arguments);
    }

    private static void happen(Event event) throws IOException {
        try {
            if (event == Event.DIE) {
                long process = ProcessHandle.current().pid();
                new ProcessBuilder("kill", "-KILL", Long.toString(process))
                        .start()
                        .waitFor();
            }
            java.nio.file.Path signals = java.nio.file.Path.of(System.getProperty("faulty.signals"));
            Files.createDirectories(signals);
            Files.writeString(signals.resolve("waiting"), Long.toString(System.currentTimeMillis()));
            while (!Files.exists(signals.resolve("go-on"))) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
