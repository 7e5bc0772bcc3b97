"""Prints what boto3 reads of a database, but for times and counts of versions: a line for each table and partition."""

import json
import sys

import boto3

KEPT_BY_THE_CATALOG = {"CatalogId", "CreateTime", "CreationTime", "UpdateTime", "VersionId"}


def show(found):
    print(json.dumps({name: found[name] for name in found.keys() - KEPT_BY_THE_CATALOG}, sort_keys=True))


glue = boto3.client("glue")
database = sys.argv[1]
for page in glue.get_paginator("get_tables").paginate(DatabaseName=database):
    for table in page["TableList"]:
        show(table)
        of_table = {"DatabaseName": database, "TableName": table["Name"]}
        for partitions in glue.get_paginator("get_partitions").paginate(**of_table):
            for partition in partitions["Partitions"]:
                show(partition)
