"""Commits that race: one wins, the other learns of it from Glue, and no row is lost or doubled."""
import os
from concurrent.futures import ThreadPoolExecutor

import boto3
import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import CommitFailedException

from journey import raises

BUCKET = "pyiceberg-commits"
TABLE = "iceberg_commits.events"
glue = boto3.client("glue")
boto3.client("s3").create_bucket(Bucket=BUCKET)
places = {"warehouse": f"s3://{BUCKET}/lake", "s3.endpoint": os.environ["AWS_ENDPOINT_URL"], "s3.region": "us-east-1"}


def catalog_of(**properties):
    return load_catalog("lake", type="glue", **places, **properties)


def one_row(number):
    return pa.table({"id": pa.array([number], pa.int64())})


def ids_of(catalog):
    return sorted(catalog.load_table(TABLE).scan().to_arrow()["id"].to_pylist())


ours, theirs = catalog_of(), catalog_of(**{"glue.skip-archive": "false"})
ours.create_namespace("iceberg_commits")
ours.create_table(TABLE, one_row(0).schema, properties={"commit.retry.num-retries": "0"})


# They commit between our reading the table's version and our update of it: Glue refuses ours.
def intrude(**_):
    ours.glue.meta.events.unregister("before-call.glue.UpdateTable", intrude)
    theirs.load_table(TABLE).append(one_row(1))


events = ours.load_table(TABLE)
ours.glue.meta.events.register("before-call.glue.UpdateTable", intrude)
error = raises(CommitFailedException, events.append, one_row(2))
assert "Glue detected concurrent update" in str(error), error
assert ids_of(ours) == [1]

# A commit on top of a snapshot that is no longer the last one.
stale = ours.load_table(TABLE)
theirs.load_table(TABLE).append(one_row(3))
raises(CommitFailedException, stale.append, one_row(4))
assert ids_of(ours) == [1, 3]

# Their catalog archives: the version before each of their commits can still be read.
versions = glue.get_table_versions(DatabaseName="iceberg_commits", TableName="events")["TableVersions"]
assert [version["VersionId"] for version in versions] == ["2", "1", "0"]
archived = versions[1]["Table"]["Parameters"]["metadata_location"]
assert archived == versions[0]["Table"]["Parameters"]["previous_metadata_location"]

# Writers that try again: each row arrives once.
with ours.load_table(TABLE).transaction() as transaction:
    transaction.set_properties({"commit.retry.num-retries": "50", "commit.retry.min-wait-ms": "5", "commit.retry.max-wait-ms": "50"})


def write(first):
    catalog = catalog_of()
    for number in range(first, first + 4):
        catalog.load_table(TABLE).append(one_row(number))


with ThreadPoolExecutor(2) as pool:
    list(pool.map(write, (100, 200)))
wanted = [1, 3] + [first + number for first in (100, 200) for number in range(4)]
assert ids_of(ours) == wanted, ids_of(ours)
