package io.sparkpeft.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.report.html.Figures;
import io.sparkpeft.report.html.Html;
import io.sparkpeft.store.RunDirectory;

/** Where the numbers come from, and how to use what the run made. */
record Origin(RunFiles files) {
    void write(Html html) {
        JsonNode manifest = files.manifest();
        JsonNode exported = files.mode(files.resultMode()).path("exported");
        html.open("dl", "class", "facts");
        fact(html, "run directory", files.uri());
        fact(html, "seed", manifest.path("seed").asText());
        fact(html, "hash of the recipe", manifest.path("configHash").asText());
        fact(
                html,
                "fingerprint of the base model",
                manifest.path("baseFingerprint").asText());
        fact(
                html,
                "fingerprint of the tokenizer",
                manifest.path("tokenizerFingerprint").asText());
        manifest.path("dataDigests")
                .fields()
                .forEachRemaining(digest -> fact(
                        html,
                        "digest of the %s data".formatted(digest.getKey()),
                        digest.getValue().asText()));
        fact(html, "SHA-256 of the adapter", exported.path("adapter-sha256").asText());
        manifest.path("versions")
                .fields()
                .forEachRemaining(version ->
                        fact(html, version.getKey(), version.getValue().asText()));
        html.close("dl");
        html.open("details").element("summary", "The recipe, with every default");
        html.element("pre", files.recipeText()).close("details");
        html.open("details").element("summary", "Settings of Spark").open("dl", "class", "facts");
        manifest.path("settings")
                .fields()
                .forEachRemaining(setting ->
                        fact(html, setting.getKey(), setting.getValue().asText()));
        html.close("dl").close("details");
    }

    private static void fact(Html html, String name, String value) {
        html.element("dt", name);
        html.open("dd").element("code", value.isEmpty() ? Figures.NONE : value).close("dd");
    }

    void use(Html html) {
        if (files.isNetwork()) {
            useNetwork(html);
        } else {
            useModel(html);
        }
    }

    private void useNetwork(Html html) {
        html.element(
                "p",
                "The pruned and tuned network, a zip of DL4J’s own that needs nothing of this program, from Java:");
        html.element(
                "pre",
                "ModelSerializer.restore%s(new File(\"%s/network.zip\"))"
                        .formatted("MultiLayerNetwork", place(RunDirectory.MODEL)));
        html.element("p", "restoreComputationGraph where it is a graph.");
    }

    private void useModel(Html html) {
        boolean language = files.recipe().task().type().isLanguageModel();
        if (files.mode(files.resultMode()).path("exported").path("model-bytes").asLong() > 0) {
            html.element("p", "The pruned and tuned model, in Hugging Face layout, from Python:");
            String type =
                    switch (files.recipe().task().type()) {
                        case SEQUENCE_CLASSIFICATION -> "AutoModelForSequenceClassification";
                        case CAUSAL_LM -> "AutoModelForCausalLM";
                        case MASKED_LM -> "AutoModelForMaskedLM";
                    };
            html.element("pre", """
                    from transformers import AutoTokenizer, %1$s
                    model = %1$s.from_pretrained("%2$s")
                    tokenizer = AutoTokenizer.from_pretrained("%2$s")""".formatted(type, place(RunDirectory.MODEL)));
        }
        html.element(
                "p",
                language
                        ? "The same on a cluster, to measure a corpus into Parquet, cross-entropy for each text:"
                        : "The same on a cluster, to score a corpus into Parquet, label and probabilities for each text:");
        html.element(
                "pre",
                "submit/submit.sh --master yarn predict %s/%s --input CORPUS --predictions OUTPUT"
                        .formatted(files.uri(), RunDirectory.RECIPE));
        html.element("p", "The adapter alone, put on the base model again, bit by bit:");
        html.element(
                "pre",
                "submit/submit.sh --master yarn evaluate %s/%s --adapter %s"
                        .formatted(files.uri(), RunDirectory.RECIPE, files.uri() + "/" + RunDirectory.ADAPTER));
    }

    /** As Python takes it: a path where the run is on this machine. */
    private String place(String entry) {
        return files.uri().replaceFirst("^file:(//)?", "") + "/" + entry;
    }
}
