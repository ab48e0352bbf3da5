"""Files that a browser sends: read within limits, refused with a sentence in the form that they came from.

One upload handler for the whole site (`FILE_UPLOAD_HANDLERS`), since the CSRF check reads a form before its view does.
Nothing of a file beyond the limits is kept, in memory or on disk; the form's other fields are read to the end.
"""

from __future__ import annotations

import io
from tempfile import SpooledTemporaryFile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

MB = 1024 * 1024
LARGEST = 10 * MB
"""Bytes of one file."""
TOGETHER = 20 * MB
"""Bytes of all files of one form."""
HOPELESS = 100 * MB
"""Bytes of a form that is not read at all."""
IN_MEMORY = 1 * MB
"""Bytes of a file that are held in memory; a longer one goes to the temporary folder."""


class RefusedFile(UploadedFile):
    """Stands in a form for a file that was not kept; `why` says what is wrong and what to do."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(io.BytesIO(), name, size=0)
        self.why = why


class UploadField(forms.FileField):
    """A file, or the sentence that says why it was refused."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, RefusedFile):
            raise ValidationError(data.why, code="upload")
        return super().to_python(data)


class _NamesAsSent(MultiPartParser):
    """Django cuts a path off a file's name before anybody sees it; here the handler is told of it first."""

    def sanitize_file_name(self, file_name: str) -> str:
        plain = super().sanitize_file_name(file_name)
        for handler in self._upload_handlers:  # type: ignore[attr-defined]  # Django's own, not in its stubs
            handler.path = file_name if "/" in file_name or "\\" in file_name or not plain else ""
        return plain or "file"


class Uploads(FileUploadHandler):
    """Keeps each file up to LARGEST bytes, all of them up to TOGETHER; gives a RefusedFile in place of any other."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.path = self.why = ""
        self.received = self.total = 0
        self._parsing = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> Any:
        if self._parsing:
            return None
        if content_length > HOPELESS:
            return QueryDict(encoding=encoding), MultiValueDict()
        self._parsing = True
        return _NamesAsSent(META, input_data, [self], encoding).parse()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # closed with the request, or when refused
        self.received, self.why = 0, ""
        if self.path:
            self._refuse(
                f"The name of that file, “{_short(self.path)}”, holds a path. Give the file a plain name, without "
                "slashes, and choose it again."
            )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        self.total += len(raw_data)
        if not self.why and self.received > LARGEST:
            self._refuse(
                f"“{_short(self.file_name or '')}” is larger than {LARGEST // MB} MB, the most that a file may have. "
                "Make it smaller or part it, and choose it again."
            )
        elif not self.why and self.total > TOGETHER:
            self._refuse(f"These files are larger than {TOGETHER // MB} MB together. Send them one by one.")
        if not self.why:
            self.file.write(raw_data)

    def _refuse(self, why: str) -> None:
        self.why = why
        self.file.close()

    def file_complete(self, file_size: int) -> UploadedFile:
        if self.why:
            return RefusedFile(self.file_name or "file", self.why)
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:79]}…"
