"""The language of ARM templates: expressions, functions, parameters, and the resources that a template stands for.

In: a template as JSON. Out: values and `Step`s. It knows nothing of HTTP or of what is stored: what a template may ask
of its surroundings is handed in as `Surroundings`.

    expressions   `[concat('a', parameters('b'))]` to a tree
    functions     the functions that depend on their arguments alone
    hashes        `guid` and `uniqueString`, with Azure's own results
    evaluation    trees and JSON to values, in a scope
    parameters    declared and given parameters to values
    steps         a template to the resources it makes, in loops, with what each waits for

Source: "ARM template functions", "Understand the structure and syntax of ARM templates" (learn.microsoft.com). Not
there: functions of one's own (`functions`), `listKeys` and its like, `providers`, `toLogicalZone`, lambdas.
"""
