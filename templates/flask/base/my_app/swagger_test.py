from .swagger import openapi, page

METHODS = {"say": lambda text, times=1: text * times}


def test_each_method_is_described() -> None:
    document = openapi(METHODS)
    call = document["paths"]["/"]["post"]["requestBody"]["content"]["application/json"]["schema"]["oneOf"][0]
    assert call["properties"]["method"] == {"enum": ["say"]}
    assert call["properties"]["params"]["required"] == ["text"]


def test_the_page_has_a_call_of_each_method() -> None:
    assert "&quot;method&quot;: &quot;say&quot;" in page(METHODS)


def test_names_can_do_no_harm_to_the_page() -> None:
    assert "<b>" not in page({"<b>": lambda: None})
