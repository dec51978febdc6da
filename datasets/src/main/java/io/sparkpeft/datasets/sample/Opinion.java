package io.sparkpeft.datasets.sample;

/**
 * A clause that praises or blames a thing, in words whose worth a denial turns around.
 *
 * @param text without a full stop
 * @param praise whether it speaks well of the thing, all denials counted
 */
record Opinion(String text, boolean praise) {

    /** "the soup was not tasty", "anna never liked the soup". */
    static Opinion of(Draw draw, Topic topic, String thing, String person) {
        boolean praise = draw.chance(0.5);
        boolean denied = draw.chance(0.25);
        boolean kindWord = praise != denied;
        return draw.chance(0.6)
                ? new Opinion(quality(draw, topic, thing, kindWord, denied), praise)
                : new Opinion(attitude(draw, thing, person, kindWord, denied), praise);
    }

    private static String quality(Draw draw, Topic topic, String thing, boolean kindWord, boolean denied) {
        boolean many = draw.chance(0.3);
        boolean special = draw.chance(0.5);
        String worth = kindWord
                ? draw.of(special ? topic.virtues : Lexicon.VIRTUES)
                : draw.of(special ? topic.faults : Lexicon.FAULTS);
        String degree =
                denied ? draw.of(Lexicon.DENIALS) + " " : draw.chance(0.3) ? draw.of(Lexicon.DEGREES) + " " : "";
        return "the %s %s %s%s".formatted(many ? Topic.plural(thing) : thing, many ? "were" : "was", degree, worth);
    }

    private static String attitude(Draw draw, String thing, String person, boolean kindWord, boolean denied) {
        String feeling = draw.of(kindWord ? Lexicon.FONDNESS : Lexicon.DISLIKE);
        if (!denied) {
            return "%s %s the %s".formatted(draw.chance(0.3) ? "everybody" : person, feeling, thing);
        }
        return draw.chance(0.3)
                ? "nobody %s the %s".formatted(feeling, thing)
                : "%s %s %s the %s".formatted(person, draw.of("never", "hardly"), feeling, thing);
    }
}
