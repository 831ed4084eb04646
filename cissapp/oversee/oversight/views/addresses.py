"""The addresses of briefs."""

from typing import Any

from flask import url_for


def region_address(country_code: str, region_code: str, **asked: Any) -> str:
    """Return the address of a region's brief."""
    return url_for("oversight.region", country_code=country_code, region_code=region_code, **asked)


def area_address(country_code: str, region_code: str | None, **asked: Any) -> str:
    """Return the address of the brief of a region, or of the whole country."""
    if region_code:
        return region_address(country_code, region_code, **asked)
    return url_for("oversight.country", country_code=country_code, **asked)
