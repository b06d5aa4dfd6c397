"""Where the parts of a run leave their figures for the closing table: a file of lines of work, who, figure, with tabs between them."""
import os

VARIABLE = "SERVICECTL_BENCH_FIGURES"


def record(work, who, figure):
    if os.environ.get(VARIABLE):
        with open(os.environ[VARIABLE], "a") as file:
            file.write(f"{work}\t{who}\t{figure}\n")


def read(path):
    """work -> who -> figure."""
    found = {}
    with open(path) as file:
        for line in file:
            work, who, figure = line.rstrip("\n").split("\t")
            found.setdefault(work, {})[who] = float(figure)
    return found


def table(rows, ours, ratios=True):
    """Markdown: a line for each work, a column for each of who, with how many times ours it is. Each figure is recorded, too."""
    print(f"| work | {' | '.join(rows)} |\n|---|{'---|' * len(rows)}")
    for work in dict.fromkeys(work for row in rows.values() for work in row):
        own = rows.get(ours, {}).get(work) if ratios else None
        print(f"| {work} | {' | '.join(cell(row.get(work), own if who != ours else None) for who, row in rows.items())} |", flush=True)
        for who, row in rows.items():
            if work in row:
                record(work, who, row[work])


def cell(figure, ours=None):
    if figure is None:
        return ""
    ratio = f" ({shown(round(figure / ours, 2 if figure < ours else 1))}x)" if ours and ours >= 0.001 else ""
    return shown(figure) + ratio


def shown(figure):
    if figure == int(figure):
        return str(int(figure))
    return f"{figure:.{3 if figure < 0.1 else 2 if figure < 10 else 1 if figure < 100 else 0}f}"
