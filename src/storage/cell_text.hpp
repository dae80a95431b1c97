#pragma once
// A cell as text, in full: as a field of comma-separated values, and as JSON.

#include <string>
#include <wheatstone/value.hpp>

namespace wheatstone::storage {

/// As a field of a file of comma-separated values, before it is quoted: numbers so that they read back as the same
/// ("inf", "-inf", "nan" where they are no finite ones), instants in RFC 3339 with nanoseconds, "1.5-2j", bytes in
/// hexadecimal digits, and as JSON what has parts. Empty for null.
[[nodiscard]] std::string field_text(const Value& value);

/// Appends a cell as JSON. What JSON has no number for is the text "Infinity", "-Infinity" or "NaN" (the mapping of
/// Protocol Buffers, "ProtoJSON format", number types); a complex number is {"re":1,"im":2}, within an array [1,2]; a
/// waveform {"t0":0,"dt":1e-06,"samples":[...]}; a table an object of its columns; an array is nested as its shape;
/// instants and bytes are texts as in field_text(); the instant that is none, null.
void append_json(std::string& out, const Value& value);

/// Appends a text in quotation marks, escaped.
void append_json_text(std::string& out, std::string_view text);

}  // namespace wheatstone::storage
