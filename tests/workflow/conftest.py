"""One dev server with time skipping for all workflow tests: seconds for months."""

from collections.abc import AsyncIterator

import pytest_asyncio
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

import devserver
from workflows.options import KEYS


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(environment: WorkflowEnvironment) -> Client:
    return environment.client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    arguments = [f"{name}={value}" for name, value in devserver.DYNAMIC_CONFIG.items()]
    # Few events before a case continues as new, so that a long test case does.
    arguments.append("limit.historyCount.suggestContinueAsNew=150")
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(devserver.binary()),
        data_converter=pydantic_data_converter,
        search_attributes=list(KEYS),
        dev_server_log_level="error",
        dev_server_extra_args=[part for value in arguments for part in ("--dynamic-config-value", value)],
    )
    yield environment
    await environment.shutdown()
