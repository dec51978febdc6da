package io.sparkpeft.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.console.Lines;
import io.sparkpeft.failure.FailureKind;
import io.sparkpeft.failure.JobException;
import io.sparkpeft.store.RunDirectory;
import io.sparkpeft.store.file.Storage;
import java.util.List;

/** What a run directory holds. */
final class RunInspection {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunInspection() {}

    static List<String> of(Storage run) {
        List<String> entries = run.list();
        Lines lines = new Lines().title("run " + run.uri());
        lines.add("state", state(entries));
        lines.add("started", run.directory("drivers").list().size() + " times");
        if (entries.contains("metrics.jsonl")) {
            lines.add("metrics", run.readText("metrics.jsonl").lines().count() + " lines");
        }
        lines.add(
                "checkpoints",
                checkpoints(run.directory(RunDirectory.CHECKPOINTS).list()));
        for (String part : List.of(RunDirectory.MODEL, RunDirectory.ADAPTER)) {
            if (entries.contains(part)) {
                lines.add(part, run.uri(part));
            }
        }
        if (entries.contains(RunDirectory.MANIFEST)) {
            lines.title("manifest").addAll("", json(run, RunDirectory.MANIFEST));
        }
        if (entries.contains(RunDirectory.RESULT)) {
            lines.title("result").addAll("", json(run, RunDirectory.RESULT));
        }
        return lines.close();
    }

    private static String state(List<String> entries) {
        if (entries.contains(RunDirectory.SUCCESS)) {
            return "done";
        }
        return entries.contains(RunDirectory.GATE_NOT_MET)
                ? "done, but the result does not meet the recipe's limits"
                : "not finished";
    }

    private static String checkpoints(List<String> names) {
        return names.isEmpty() ? "none" : names.size() + ", the last one " + names.get(names.size() - 1);
    }

    private static JsonNode json(Storage run, String name) {
        try {
            return JSON.readTree(run.readText(name));
        } catch (JsonProcessingException e) {
            throw new JobException(
                    FailureKind.INPUT,
                    "Cannot read %s: it is damaged (%s)".formatted(run.uri(name), e.getOriginalMessage()),
                    e);
        }
    }
}
