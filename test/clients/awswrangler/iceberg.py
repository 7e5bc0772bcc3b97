"""awswrangler keeps an Iceberg table through Athena: create, append, merge, new and wider columns, delete, overwrite."""
import awswrangler as wr
import boto3
import pandas as pd

from journey import raises

wr.config.athena_query_wait_polling_delay = 0.02
BUCKET = "awswrangler-iceberg"
DATABASE = "wrangler_iceberg"
glue, s3 = boto3.client("glue"), boto3.client("s3")
s3.create_bucket(Bucket=BUCKET)
wr.catalog.create_database(DATABASE)

RESULTS = {"database": DATABASE, "s3_output": f"s3://{BUCKET}/results/"}
# Files of the step before would be read again.
STAGED = {"temp_path": f"s3://{BUCKET}/staged/", "keep_files": False}
ORDERS = {"table": "orders", "table_location": f"s3://{BUCKET}/orders/", **RESULTS, **STAGED}


def frame(ids, name=None, **more):
    names = [name or f"n{number}" for number in ids]
    return pd.DataFrame({"id": pd.array(ids, dtype="Int64"), "name": names, "country": ["se" if number % 2 else "no" for number in ids], **more})


def orders(columns="id, name"):
    found = wr.athena.read_sql_query(f"SELECT {columns} FROM orders ORDER BY id", ctas_approach=False, **RESULTS)
    return [tuple(None if pd.isna(value) else value for value in row) for row in found.itertuples(index=False)]


# The first rows make the table, parted by a column; its columns say that they are Iceberg's.
wr.athena.to_iceberg(frame([1, 2]), partition_cols=["country"], additional_table_properties={"write_compression": "snappy"}, **ORDERS)
assert orders() == [(1, "n1"), (2, "n2")], orders()
stored = glue.get_table(DatabaseName=DATABASE, Name="orders")["Table"]
assert stored["Parameters"]["table_type"] == "ICEBERG", stored
assert [column["Parameters"]["iceberg.field.current"] for column in stored["StorageDescriptor"]["Columns"]] == ["true"] * 3, stored

# Append; merge with updates and inserts; merge that leaves what is there.
wr.athena.to_iceberg(frame([3]), **ORDERS)
wr.athena.to_iceberg(frame([3, 4], "merged"), merge_cols=["id"], **ORDERS)
assert orders() == [(1, "n1"), (2, "n2"), (3, "merged"), (4, "merged")], orders()
wr.athena.to_iceberg(frame([4, 5], "ignored"), merge_cols=["id"], merge_condition="ignore", **ORDERS)
assert orders() == [(1, "n1"), (2, "n2"), (3, "merged"), (4, "merged"), (5, "ignored")], orders()

# Columns come, in two ways: missing ones are filled in, others must be asked for.
refused = raises(wr.exceptions.InvalidArgumentValue, wr.athena.to_iceberg, frame([6], stars=[1]), **ORDERS)
assert "stars" in str(refused), refused
wr.athena.to_iceberg(frame([6], stars=[1]), schema_evolution=True, **ORDERS)
wr.athena.to_iceberg(frame([7]), fill_missing_columns_in_df=True, schema_evolution=True, **ORDERS)
assert orders("id, stars") == [(1, None), (2, None), (3, None), (4, None), (5, None), (6, 1), (7, None)], orders("id, stars")
assert wr.catalog.get_table_types(DATABASE, "orders") == {"id": "bigint", "name": "string", "country": "string", "stars": "bigint"}

# Rows go by their keys.
gone = pd.DataFrame({"id": pd.array([1, 7], dtype="Int64")})
wr.athena.delete_from_iceberg_table(df=gone, table="orders", merge_cols=["id"], **RESULTS, **STAGED)
assert [number for number, _ in orders()] == [2, 3, 4, 5, 6], orders()

# A partition, then all of it, is overwritten.
whole = {"fill_missing_columns_in_df": True, "schema_evolution": True}
wr.athena.to_iceberg(frame([8]), mode="overwrite_partitions", partition_cols=["country"], **whole, **ORDERS)
assert orders() == [(3, "merged"), (5, "ignored"), (8, "n8")], orders()
wr.athena.to_iceberg(frame([9]), mode="overwrite", **whole, **ORDERS)
assert orders() == [(9, "n9")], orders()
assert [table["Name"] for table in wr.catalog.get_tables(database=DATABASE)] == ["orders"]
