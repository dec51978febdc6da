package io.sparkpeft.config.file;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.argument.Precision;
import io.sparkpeft.config.Recipe;
import io.sparkpeft.config.bind.Names;
import io.sparkpeft.config.bind.Places;
import io.sparkpeft.config.choice.MaskScope;
import io.sparkpeft.importance.ImportanceCriterion;
import io.sparkpeft.importance.MaskUse;
import io.sparkpeft.spi.Services;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Checks names in a recipe that stand for parts found on the class path. */
final class NameRules {
    private final Recipe recipe;
    private final Places places;

    private NameRules(Recipe recipe, Places places) {
        this.recipe = recipe;
        this.places = places;
    }

    static void check(Recipe recipe, Places places) {
        NameRules rules = new NameRules(recipe, places);
        rules.backend("model.backend", recipe.model().backend());
        rules.precision(BackendProvider.named(recipe.model().backend()));
        if (!recipe.model().isOneBackend()) {
            rules.backend("model.backend-outside-rounds", recipe.model().backendOutsideRounds());
        }
        rules.criterion(
                "importance.criterion",
                recipe.importance().criterion(),
                MaskUse.UPDATE,
                recipe.update().scope());
        if (!recipe.update().criterion().isEmpty()) {
            rules.criterion(
                    "update.criterion",
                    recipe.update().criterion(),
                    MaskUse.UPDATE,
                    recipe.update().scope());
        }
        rules.criterion(
                "prune.criterion",
                recipe.prune().criterion(),
                MaskUse.PRUNE,
                recipe.prune().scope());
    }

    private void backend(String key, String name) {
        Map<String, BackendProvider> known = BackendProvider.all();
        String hint = BackendProvider.hint(name);
        if (!hint.isEmpty() && !known.containsKey(name)) {
            throw places.invalid(key, "%s is not on the class path%s".formatted(name, hint));
        }
        requireKnown(key, name, known.keySet());
    }

    private void precision(BackendProvider backend) {
        Precision precision = recipe.model().precision();
        if (!backend.precisions().contains(precision)) {
            throw places.invalid(
                    "model.precision",
                    "%s is not known to the backend %s; it computes in %s"
                            .formatted(
                                    Names.value(precision),
                                    backend.name(),
                                    backend.precisions().stream()
                                            .sorted()
                                            .map(Names::value)
                                            .collect(Collectors.joining(", "))));
        }
    }

    private void criterion(String key, String name, MaskUse use, MaskScope scope) {
        List<ImportanceCriterion> fit = Services.all(ImportanceCriterion.class).stream()
                .filter(criterion -> criterion.uses().contains(use))
                .toList();
        requireKnown(key, name, fit.stream().map(ImportanceCriterion::name).toList());
        boolean withinLines = fit.stream().anyMatch(c -> c.name().equals(name) && c.comparesWithinLines());
        if (withinLines && scope != MaskScope.PER_ROW) {
            throw places.invalid(
                    key, "%s compares weights of one output only; it needs the scope per-row".formatted(name));
        }
    }

    private void requireKnown(String key, String name, Collection<String> known) {
        if (!known.contains(name)) {
            String hint = Names.nearest(name, known)
                    .map("did you mean %s?"::formatted)
                    .orElse("there are: " + String.join(", ", known));
            throw places.invalid(key, "%s is not known for this; %s".formatted(name, hint));
        }
    }
}
