package io.sparkpeft.datasets.sample;

import java.util.List;

/** The words that all topics share. */
final class Lexicon {
    static final List<String> BOYS = words("tom ben sam max leo jack oscar felix");
    static final List<String> GIRLS = words("anna mira lily emma sara nina ida rosa");
    static final List<String> COLORS = words("red blue green brown white black");
    static final List<String> SIZES = words("big small old new");
    static final List<String> VIRTUES = words("good lovely fine great");
    static final List<String> FAULTS = words("bad awful poor ugly");
    static final List<String> FONDNESS = words("liked loved enjoyed");
    static final List<String> DISLIKE = words("hated disliked feared");
    static final List<String> JOY = words("happy glad proud cheerful");
    static final List<String> GRIEF = words("sad angry upset gloomy");
    static final List<String> DEGREES = words("very really quite");
    static final List<String> DENIALS = words("not never hardly");

    private Lexicon() {}

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
