package io.sparkpeft.store;

import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.file.RecipeFile;
import io.sparkpeft.config.file.RecipeKeys;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.file.Storage;
import java.util.List;

/** Whose a directory is: nobody's, this recipe's run, another recipe's run, or no run at all. */
final class RunOwnership {
    private static final String MARK = "# Spark PEFT run ";
    private static final int MOST_SHOWN = 5;

    private RunOwnership() {}

    static RunState state(Storage directory, Recipe recipe) {
        List<String> entries = directory.list();
        if (!entries.contains(RunDirectory.RECIPE)) {
            requireNoOtherFiles(directory, entries);
            return RunState.NEW;
        }
        String text = directory.readText(RunDirectory.RECIPE);
        requireRun(directory, text);
        if (!text.startsWith(MARK + RecipeKeys.hash(recipe) + "\n")) {
            if (RunDirectory.WORK.stream().noneMatch(entries::contains)) {
                return RunState.NEW;
            }
            throw JobException.config(
                    "Cannot use the run directory %s: it holds a run of another recipe (%s); choose another output.directory, or start anew with --force"
                            .formatted(directory.uri(), differences(directory, text, recipe)));
        }
        if (entries.contains(RunDirectory.SUCCESS)) {
            return RunState.DONE;
        }
        return entries.contains(RunDirectory.GATE_NOT_MET) ? RunState.GATE_NOT_MET : RunState.INTERRUPTED;
    }

    static void claim(Storage directory, Recipe recipe) {
        directory.replace(RunDirectory.RECIPE, MARK + RecipeKeys.hash(recipe) + "\n" + RecipeKeys.text(recipe));
    }

    /**
     * Deletes a run, but for the recipe that marks it as one, which {@link #claim} replaces, and its drivers' numbers,
     * so that one of them that still runs finds that it was replaced.
     */
    static void clear(Storage directory) {
        List<String> entries = requireClearable(directory);
        RunDirectory.ENTRIES.stream().filter(entries::contains).forEach(directory::delete);
        // What a write left that broke off is read where the file itself is missing.
        directory.delete(Storage.aside(MetricsLog.FILE));
    }

    /** The state that a run has which starts anew: new, if there is a run, or nothing. */
    static RunState stateToClear(Storage directory) {
        requireClearable(directory);
        return RunState.NEW;
    }

    private static List<String> requireClearable(Storage directory) {
        List<String> entries = directory.list();
        if (entries.contains(RunDirectory.RECIPE)) {
            requireRun(directory, directory.readText(RunDirectory.RECIPE));
        } else {
            requireNoOtherFiles(directory, entries);
        }
        return entries;
    }

    private static void requireNoOtherFiles(Storage directory, List<String> entries) {
        List<String> others = entries.stream()
                .filter(name -> !name.equals(DriverFence.DIRECTORY) && !name.startsWith("."))
                .toList();
        if (!others.isEmpty()) {
            String shown = String.join(", ", others.subList(0, Math.min(MOST_SHOWN, others.size())));
            throw JobException.config("Cannot start a run in %s: it holds other files (%s%s) and no run"
                    .formatted(directory.uri(), shown, others.size() > MOST_SHOWN ? ", …" : ""));
        }
    }

    private static void requireRun(Storage directory, String recipeText) {
        if (!recipeText.startsWith(MARK)) {
            throw JobException.config(
                    "Cannot start a run in %s: its recipe.conf was not written by a run".formatted(directory.uri()));
        }
    }

    private static String differences(Storage directory, String text, Recipe recipe) {
        try {
            Recipe there = RecipeFile.parse(text, directory.uri(RunDirectory.RECIPE), List.of());
            List<String> keys = RecipeKeys.differences(recipe, there);
            String shown = String.join("; ", keys.subList(0, Math.min(MOST_SHOWN, keys.size())));
            return keys.size() > MOST_SHOWN ? shown + "; and %d more keys".formatted(keys.size() - MOST_SHOWN) : shown;
        } catch (JobException e) {
            return "of another version of this program";
        }
    }
}
