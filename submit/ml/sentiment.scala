// For spark-shell, after `submit/submit.sh sample sample`; see README.md beside this file.
import io.sparkpeft.ml.{SparseFineTunedModel, SparseFineTuner}

val examples = spark.read.option("sep", "\t").option("header", "true").csv("sample/task-a/train.tsv")

val tuner = new SparseFineTuner()
  .setModelPath("sample/model")
  .setRecipe("model.initial-weights = random") // The sample's model directory holds no weights.
  .setTextCol("sentence")
  .setLabelCol("label")
  .setDensity(0.05)
  .setSteps(100)
  .setOutputDirectory("sample/runs")

val model = tuner.fit(examples)
model.write.overwrite().save("sample/sentiment")

val scored = SparseFineTunedModel.load("sample/sentiment").transform(examples)
scored.select("sentence", "predictedLabel", "probability").show(5, 60)
println("share of right labels: " + scored.where("label = predictedLabel").count().toDouble / scored.count())
