"""Queries through awswrangler: as a CSV result, through a temporary table, and through UNLOAD."""
import awswrangler as wr
import boto3
import pandas as pd

boto3.client("s3").create_bucket(Bucket="athena-lake")
boto3.client("s3").create_bucket(Bucket="athena-results")
wr.catalog.create_database("athena_wr")

frame = pd.DataFrame(
    {
        "id": pd.array([1, 2, 3, 4], dtype="Int64"),
        "name": ["Ann", "Bob", None, 'D"ora, née Ö'],
        "price": [1.5, None, 3.25, 10000000.0],
        "at": pd.to_datetime(["2024-01-01 10:00:00", "2024-01-02 11:30:00.250", None, "2024-01-04"], format="ISO8601"),
        "tags": [["a", "b"], [], None, ["c"]],
        "day": ["2024-01-01", "2024-01-02", "2024-01-02", "2024-01-04"],
    }
)
wr.s3.to_parquet(frame, path="s3://athena-lake/sales/", dataset=True, database="athena_wr", table="sales", partition_cols=["day"])

SQL = "SELECT id, name, price, at, day FROM sales WHERE day >= '2024-01-02' ORDER BY id"
for number, options in enumerate((
    {"ctas_approach": False},
    {"ctas_approach": True},
    {"ctas_approach": False, "unload_approach": True},
)):
    # UNLOAD writes into the folder itself, which must be empty.
    found = wr.athena.read_sql_query(SQL, database="athena_wr", s3_output=f"s3://athena-results/{number}/", **options)
    found = found.sort_values("id").reset_index(drop=True)
    assert found["id"].tolist() == [2, 3, 4], (options, found)
    assert found["name"].fillna("").tolist() == ["Bob", "", 'D"ora, née Ö'], (options, found)
    assert found["price"].fillna(-1).tolist() == [-1, 3.25, 10000000.0], (options, found)
    assert str(found["at"][0]) == "2024-01-02 11:30:00.250000" and pd.isna(found["at"][1]), (options, found)
    assert found["day"].tolist() == ["2024-01-02", "2024-01-02", "2024-01-04"], (options, found)

lists = wr.athena.read_sql_query("SELECT id, tags FROM sales ORDER BY id", database="athena_wr", s3_output="s3://athena-results/wr/")
by_id = {int(row.id): row.tags for row in lists.itertuples()}
assert list(by_id[1]) == ["a", "b"] and list(by_id[2]) == [] and by_id[3] is None and list(by_id[4]) == ["c"], lists

# In chunks, with parameters, and without rows.
chunks = list(wr.athena.read_sql_query("SELECT id FROM sales ORDER BY id", database="athena_wr", s3_output="s3://athena-results/wr/", ctas_approach=False, chunksize=2))
assert [len(chunk) for chunk in chunks] == [2, 2], chunks
one = wr.athena.read_sql_query("SELECT name FROM sales WHERE id = ?", database="athena_wr", s3_output="s3://athena-results/wr/", ctas_approach=False, params=["1"], paramstyle="qmark")
assert one["name"].tolist() == ["Ann"], one
none = wr.athena.read_sql_query("SELECT id FROM sales WHERE id > 100", database="athena_wr", s3_output="s3://athena-results/wr/", ctas_approach=False)
assert len(none) == 0, none

# The temporary tables are gone, and so is what they were made of.
assert [table["Name"] for table in wr.catalog.get_tables(database="athena_wr")] == ["sales"]

# What fails says why.
try:
    wr.athena.read_sql_query("SELECT nothing FROM sales", database="athena_wr", s3_output="s3://athena-results/wr/", ctas_approach=False)
    raise AssertionError("the query did not fail")
except wr.exceptions.QueryFailed as failure:
    assert "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved" in str(failure), failure

# Data definition, and a table that a query makes.
wr.athena.start_query_execution("CREATE TABLE dear AS SELECT id, price FROM sales WHERE price > 3", database="athena_wr", s3_output="s3://athena-results/wr/", wait=True)
dear = wr.athena.read_sql_table("dear", database="athena_wr", s3_output="s3://athena-results/wr/", ctas_approach=False)
assert sorted(dear["id"].tolist()) == [3, 4], dear
assert wr.athena.describe_table("sales", database="athena_wr", s3_output="s3://athena-results/wr/")["Column Name"].tolist()[:3] == ["id", "name", "price"]
