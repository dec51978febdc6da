package io.sparkpeft.cli;

import io.sparkpeft.build.Digits;
import io.sparkpeft.command.Program;
import io.sparkpeft.console.Console;
import java.util.ServiceLoader;

/** The program that spark-submit starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Digits.useLatin();
        Program program = ServiceLoader.load(Program.class, Main.class.getClassLoader())
                .findFirst()
                .orElseThrow();
        int exitCode = new CommandLineProgram(program, Console.system(), System.err).run(arguments);
        System.out.flush();
        if (exitCode != 0) {
            // Spark's own threads would keep a failed driver alive.
            System.exit(exitCode);
        }
    }
}
