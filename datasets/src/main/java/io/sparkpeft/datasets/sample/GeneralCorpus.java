package io.sparkpeft.datasets.sample;

import java.util.List;

/**
 * Stories of the sample world, to pre-train on. What somebody thinks of a thing shows in how they feel afterwards;
 * pronouns agree with people, verbs with number, and things, deeds and places with the topic: a model that predicts
 * the next word has to learn all of that.
 */
final class GeneralCorpus {
    private GeneralCorpus() {}

    static String story(Draw draw) {
        Topic topic = draw.of(List.of(Topic.values()));
        boolean girl = draw.chance(0.5);
        String person = draw.of(girl ? Lexicon.GIRLS : Lexicon.BOYS);
        String pronoun = girl ? "she" : "he";
        String thing = draw.of(topic.things);
        StringBuilder story = new StringBuilder();
        if (draw.chance(0.6)) {
            story.append("%s went to the %s . ".formatted(person, draw.of(topic.places)));
            story.append("%s %s the %s . ".formatted(pronoun, draw.of(topic.deeds), thing));
        } else {
            String look = draw.of(draw.chance(0.5) ? Lexicon.COLORS : Lexicon.SIZES);
            story.append("%s had a %s %s . ".formatted(person, look, thing));
            story.append("%s took the %s %s to the %s . ".formatted(pronoun, look, thing, draw.of(topic.places)));
        }
        int opinions = draw.chance(0.5) ? 2 : 1;
        for (int i = 0; i < opinions; i++) {
            Opinion opinion = Opinion.of(draw, topic, thing, person);
            if (draw.chance(0.15)) {
                Opinion other = Opinion.of(draw, topic, draw.of(topic.things), person);
                story.append(other.text()).append(" , but ");
            }
            story.append(opinion.text()).append(" . ").append(feeling(draw, opinion.praise(), pronoun));
            story.append(i < opinions - 1 ? " " : "");
        }
        return story.toString();
    }

    private static String feeling(Draw draw, boolean joy, String pronoun) {
        String opening = joy ? draw.of("hooray", "luckily", "yes") : draw.of("alas", "sadly", "no");
        return draw.chance(0.5)
                ? "%s , %s was %s .".formatted(opening, pronoun, draw.of(joy ? Lexicon.JOY : Lexicon.GRIEF))
                : "%s , %s %s ."
                        .formatted(opening, pronoun, joy ? draw.of("smiled", "laughed") : draw.of("cried", "sighed"));
    }
}
