package io.sparkpeft.datasets.sample;

import java.util.List;
import java.util.Locale;

/** A part of the sample world: its things, where they are found and what is done with them. */
enum Topic {
    FOOD(
            "bread soup cake apple cheese pie tea rice",
            "kitchen bakery pantry",
            "cooked baked tasted",
            "tasty fresh sweet",
            "stale sour burnt"),
    ANIMALS(
            "dog cat horse cow goat hen duck lamb",
            "farm barn meadow",
            "fed washed petted",
            "gentle calm healthy",
            "rude sick noisy"),
    TOOLS(
            "hammer saw lamp chair clock bike box wheel",
            "workshop garage yard",
            "fixed built painted",
            "strong shiny useful",
            "broken rusty weak"),
    SEA(
            "boat fish shell net sail crab rope anchor",
            "harbor beach bay",
            "pulled found carried",
            "swift clean sturdy",
            "torn muddy leaky");

    final List<String> things;
    final List<String> places;
    final List<String> deeds;
    final List<String> virtues;
    final List<String> faults;

    Topic(String things, String places, String deeds, String virtues, String faults) {
        this.things = words(things);
        this.places = words(places);
        this.deeds = words(deeds);
        this.virtues = words(virtues);
        this.faults = words(faults);
    }

    /** The label of the topic. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static String plural(String thing) {
        return switch (thing) {
            case "box" -> "boxes";
            case "fish" -> "fishes";
            default -> thing + "s";
        };
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
