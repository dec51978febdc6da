package io.sparkpeft.datasets.sample;

import java.util.List;

/** A classification task of the sample world. */
enum SampleTask {
    /** Whether a text speaks well of a thing. Denials turn words around, and of two clauses the main one counts. */
    SENTIMENT("task-a") {
        @Override
        String example(Draw draw) {
            Topic topic = draw.of(List.of(Topic.values()));
            String person = draw.of(draw.chance(0.5) ? Lexicon.GIRLS : Lexicon.BOYS);
            String thing = draw.of(topic.things);
            Opinion main = Opinion.of(draw, topic, thing, person);
            Opinion side = Opinion.of(draw, topic, draw.of(topic.things), person);
            boolean lie = draw.chance(0.25);
            String claim = lie ? "it is false that " + main.text() : main.text();
            String text =
                    switch (draw.below(5)) {
                        case 0 -> side.text() + " , but " + claim;
                        case 1 -> "although " + side.text() + " , " + claim;
                        case 2 -> claim + " although " + side.text();
                        default -> claim;
                    };
            return "%s\t%s .".formatted(main.praise() != lie ? "positive" : "negative", text);
        }
    },

    /** Which part of the world the thing that is moved belongs to; places and other things belong elsewhere. */
    TOPIC("task-b") {
        @Override
        String example(Draw draw) {
            Topic topic = draw.of(List.of(Topic.values()));
            Topic elsewhere = draw.of(List.of(Topic.values()));
            String person = draw.of(draw.chance(0.5) ? Lexicon.GIRLS : Lexicon.BOYS);
            String look = draw.of(draw.chance(0.5) ? Lexicon.COLORS : Lexicon.SIZES);
            String thing = draw.of(topic.things);
            String other = draw.of(elsewhere.things);
            String place = draw.of(elsewhere.places);
            String text =
                    switch (draw.below(4)) {
                        case 0 ->
                            "%s took the %s %s from the %s to the %s".formatted(person, look, thing, other, place);
                        case 1 -> "near the %s %s put the %s %s on the %s".formatted(place, person, look, thing, other);
                        case 2 ->
                            "%s had a %s but took the %s %s to the %s".formatted(person, other, look, thing, place);
                        default -> "%s put the %s %s near the %s".formatted(person, look, thing, other);
                    };
            return "%s\t%s .".formatted(topic.word(), text);
        }
    };

    final String folder;

    SampleTask(String folder) {
        this.folder = folder;
    }

    /** A label, a tab and a text. */
    abstract String example(Draw draw);
}
