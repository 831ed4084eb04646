"""What a page of an outcome says that it showed, as anybody can send it."""

import pytest

from cissapp.review.reviews.forms.outcomes import ThirdReviewForm


@pytest.mark.parametrize(
    ("sent", "version"), [("7", 7), ("", 0), ("x", 0), ("-1", 0), ("²", 0), ("9" * 5000, 0)]
)
def test_a_version_that_is_no_number_is_none(app, sent, version):
    with app.test_request_context(method="POST", data={"version": sent}):
        assert ThirdReviewForm().bound() == version
