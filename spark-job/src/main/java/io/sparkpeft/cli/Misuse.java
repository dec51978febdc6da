package io.sparkpeft.cli;

import io.sparkpeft.config.bind.Names;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Says what is wrong with a command line. */
final class Misuse {
    private Misuse() {}

    static String sentence(CommandLine.ParameterException e) {
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unknown(unmatched.getUnmatched().get(0), e.getCommandLine().getCommandSpec());
        }
        return Sentence.of(e.getMessage());
    }

    private static String unknown(String word, CommandSpec command) {
        boolean isOption = word.startsWith("-");
        List<String> known = new ArrayList<>(
                isOption ? command.optionsMap().keySet() : command.subcommands().keySet());
        String what = isOption ? "option" : known.isEmpty() ? "argument" : "command";
        return Names.nearest(word, known)
                .map(near -> "Unknown %s %s: did you mean %s?".formatted(what, word, near))
                .orElse("Unknown %s %s".formatted(what, word));
    }
}
