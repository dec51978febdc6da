package io.sparkpeft.command;

/**
 * The model that is measured or scores: a base model with an adapter or without; if neither is named, the model that
 * the recipe's run made.
 *
 * @param model directory of a checkpoint; empty: the recipe's {@code model.path} where an adapter is named
 * @param adapter directory or file of an adapter; empty: none
 */
public record ModelChoice(String model, String adapter) {
    public boolean isRunResult() {
        return model.isEmpty() && adapter.isEmpty();
    }
}
