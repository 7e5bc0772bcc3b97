"""What the journeys share: expecting a failure, and waiting for what takes a while."""
import time


def raises(kind, call, *arguments, **options):
    """The error that `call` must end with; `kind` is its class."""
    try:
        call(*arguments, **options)
    except kind as error:
        return error
    raise AssertionError(f"{call} of {arguments} {options} did not end with {kind}")


def refused(code, call, **options):
    """The message of the AWS error that `call` must end with; `code` is its name."""
    from botocore.exceptions import ClientError

    error = raises(ClientError, call, **options)
    found = error.response["Error"]
    assert found["Code"] == code, f"{options} ended with {found}, not with {code}"
    return found["Message"]


def wait_for(read, is_done, seconds=30):
    """What `read` gives as soon as `is_done` holds for it."""
    deadline = time.monotonic() + seconds
    while not is_done(value := read()):
        assert time.monotonic() < deadline, f"not done after {seconds} s: {value}"
        time.sleep(0.05)
    return value
