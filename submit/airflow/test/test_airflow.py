"""Checks the DAGs and the quality gate with nothing but Python: python3 -m unittest discover -s submit/airflow/test

Where Apache Airflow is installed the DAG files are imported by it as well. Elsewhere, Python's own parser reads them, and
every argument of every operator is looked up in signatures.json, which says where its names are from.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
DAGS = HERE.parent
SIGNATURES = json.loads((HERE / "signatures.json").read_text(encoding="utf-8"))
DAG_FILES = {"spark_peft.py": "SparkSubmitOperator", "spark_peft_kubernetes.py": "KubernetesPodOperator"}

sys.path.insert(0, str(DAGS))
import quality_gate  # noqa: E402
import spark_settings  # noqa: E402


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def constants(tree: ast.AST) -> dict[str, ast.expr]:
    return {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }


def text_of(node: ast.AST, known: dict[str, ast.expr]) -> str:
    """All strings in an expression, with the module's constants in the places of their names."""
    found = []
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.append(part.value)
        elif isinstance(part, ast.Name) and part.id in known and known[part.id] is not node:
            found.append(text_of(known[part.id], known))
    return " ".join(found)


def chain(node: ast.expr) -> list[str]:
    """The names in a >> b(...) >> c."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
        return chain(node.left) + chain(node.right)
    return [node.func.id if isinstance(node, ast.Call) else node.id]


class DagTest(unittest.TestCase):
    def each_dag(self):
        for name, operator in DAG_FILES.items():
            with self.subTest(dag=name):
                yield ast.parse((DAGS / name).read_text(encoding="utf-8")), operator

    def test_every_argument_is_one_of_the_operator(self):
        for tree, operator in self.each_dag():
            allowed = SIGNATURES[operator]["arguments"] + SIGNATURES["BaseOperator"]["arguments"]
            found = calls(tree, operator)
            self.assertEqual(len(found), 2)
            for call in found:
                self.assertEqual(call.args, [])
                self.assertEqual([k.arg for k in call.keywords if k.arg not in allowed], [])
            (dag,) = calls(tree, "DAG")
            self.assertEqual([k.arg for k in dag.keywords if k.arg not in SIGNATURES["DAG"]["arguments"]], [])

    def test_templates_stand_only_where_airflow_renders_them(self):
        for tree, operator in self.each_dag():
            known = constants(tree)
            for call in calls(tree, operator):
                for keyword in call.keywords:
                    if "{{" in text_of(keyword.value, known):
                        self.assertIn(keyword.arg, SIGNATURES[operator]["template_fields"])

    def test_tasks_stand_in_order_and_the_gate_is_between(self):
        for tree, _ in self.each_dag():
            chains = [
                chain(node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.BinOp)
            ]
            self.assertEqual(chains, [["finetune", "quality_gate", "promote"]])

    def test_the_commands_are_the_products_and_the_run_is_named_by_the_logical_date(self):
        for tree, operator in self.each_dag():
            known = constants(tree)
            argument = "application_args" if operator == "SparkSubmitOperator" else "arguments"
            texts = {}
            for call in calls(tree, operator):
                keywords = {k.arg: k.value for k in call.keywords}
                texts[keywords["task_id"].value] = text_of(keywords[argument], known)
            self.assertIn("finetune", texts["finetune"])
            self.assertIn("promote", texts["promote"])
            for text in texts.values():
                self.assertIn("logical_date", text)

    def test_every_command_has_the_settings_that_submit_sh_adds(self):
        for tree, operator in self.each_dag():
            known = constants(tree)
            argument = "conf" if operator == "SparkSubmitOperator" else "arguments"
            for call in calls(tree, operator):
                keywords = {k.arg: k.value for k in call.keywords}
                names = [node.id for node in ast.walk(keywords[argument]) if isinstance(node, ast.Name)]
                self.assertTrue(any(calls(known[name], "spark_settings") for name in names))

    def test_the_settings_are_those_of_submit_sh(self):
        script = (DAGS.parent / "submit.sh").read_text(encoding="utf-8")
        self.assertIn(f"room={spark_settings.ROOM}\n", script)
        self.assertIn('"${OFF_HEAP:-2048}"', script)
        limits = ["-Dorg.bytedeco.javacpp.maxbytes=", "-Dorg.bytedeco.javacpp.maxphysicalbytes="]
        self.assertEqual([option for option in spark_settings.JAVA.split() + limits if option not in script], [])
        settings = spark_settings.spark_settings(heap=1024, tensors=512)
        self.assertEqual(settings["spark.executor.memory"], "1024m")
        self.assertEqual(settings["spark.executor.memoryOverhead"], "1536m")
        options = settings["spark.driver.defaultJavaOptions"]
        self.assertTrue(options.endswith("maxbytes=512m -Dorg.bytedeco.javacpp.maxphysicalbytes=2560m"), options)

    def test_runs_do_not_overlap_and_are_tried_again(self):
        for tree, _ in self.each_dag():
            (dag,) = calls(tree, "DAG")
            keywords = {k.arg: k.value for k in dag.keywords}
            self.assertEqual(keywords["max_active_runs"].value, 1)
            self.assertIs(keywords["catchup"].value, False)
            defaults = dict(zip((k.value for k in keywords["default_args"].keys), keywords["default_args"].values))
            self.assertGreaterEqual(defaults["retries"].value, 1)

    @unittest.skipUnless(importlib.util.find_spec("airflow"), "Apache Airflow is not installed: DAGs are parsed only")
    def test_airflow_imports_them(self):
        for name in DAG_FILES:
            spec = importlib.util.spec_from_file_location(name[:-3], DAGS / name)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            tasks = {task.task_id: task.downstream_task_ids for task in module.dag.tasks}
            self.assertEqual(tasks, {"finetune": {"quality_gate"}, "quality_gate": {"promote"}, "promote": set()})


class QualityGateTest(unittest.TestCase):
    def setUp(self):
        measured = {"accuracy": 0.9, "cross-entropy": 0.2, "examples": 500}
        self.result = {
            "schema-version": 1,
            "metric": "accuracy",
            "gate-met": True,
            "gate-failure": "",
            "result-mode": "masked",
            "modes": {
                "dense": {"after": {"accuracy": 0.95}, "test": {"accuracy": 0.8}},
                "masked": {
                    "after": {"accuracy": 0.99},
                    "test": measured,
                    "delta-ce": 0.3,
                    "exported": {"sparsity": 0.3, "density": 0.05},
                },
            },
        }

    def failures(self, *limits: str) -> list[str]:
        return quality_gate.failures(self.result, list(limits))

    def test_limits_are_held_against_the_test_split(self):
        self.assertEqual(self.failures("accuracy>=0.9", "cross-entropy<=0.2", "sparsity >= 3e-1"), [])
        self.assertEqual(self.failures("accuracy>=0.95"), ["accuracy is 0.9000, not >= 0.95"])
        del self.result["modes"]["masked"]["test"]
        self.assertEqual(self.failures("accuracy>=0.95"), [])

    def test_knowledge_lost_and_baselines_can_be_limited(self):
        self.assertEqual(self.failures("delta-ce<=0.5", "gain-over-dense>=0.0999"), [])
        self.assertEqual(
            self.failures("delta-ce<=0.1", "gain-over-dense>=0.2"),
            ["delta-ce is 0.3000, not <= 0.1", "gain-over-dense is 0.1000, not >= 0.2"],
        )

    def test_a_metric_that_falls_gains_by_falling(self):
        self.result["metric"] = "cross-entropy"
        self.result["modes"]["dense"]["test"]["cross-entropy"] = 0.5
        self.assertEqual(self.failures("gain-over-dense>=0.29"), [])

    def test_the_recipes_own_gate_counts(self):
        self.result.update({"gate-met": False, "gate-failure": "accuracy 0.9000 is below 0.9500"})
        self.assertEqual(self.failures(), ["the recipe's own gate is not met: accuracy 0.9000 is below 0.9500"])

    def test_what_cannot_be_understood_is_an_error(self):
        for limit, sentence in {
            "accuracy>0.9": "Invalid limit: 'accuracy>0.9' (a figure, >= or <=, a number",
            "acuracy>=0.9": "Invalid limit: 'acuracy>=0.9': the result has no acuracy, but accuracy, cross-entropy",
        }.items():
            with self.assertRaises(quality_gate.GateError) as raised:
                self.failures(limit)
            self.assertTrue(str(raised.exception).startswith(sentence), raised.exception)
        self.result["schema-version"] = 99
        with self.assertRaisesRegex(quality_gate.GateError, "its schema-version is 99, this gate knows 1"):
            self.failures()


if __name__ == "__main__":
    unittest.main()
