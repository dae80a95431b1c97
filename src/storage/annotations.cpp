#include "storage/annotations.hpp"

#include <algorithm>
#include <wheatstone/error.hpp>

#include "base/blocking.hpp"
#include "base/clock.hpp"
#include "base/process.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

void apply(Annotations& annotations, const io::Document& line) {
  const std::string kind = line.text({"annotation"});
  const std::string tag = line.text({"tag"});
  if (kind == "tag" && std::ranges::find(annotations.tags, tag) == annotations.tags.end())
    annotations.tags.push_back(tag);
  if (kind == "untag") std::erase(annotations.tags, tag);
  if (kind == "note")
    annotations.notes.push_back(
        {time_from(line.text({"wall"})).value_or(Time{}), line.text({"user"}), line.text({"text"})});
}

Annotations begun_with(const io::Document& record) {
  Annotations annotations;
  if (const io::Document* tags = record.find("tags")) {
    for (const io::Document& tag : tags->items()) {
      const auto* text = tag.get_if<std::string>();
      if (text != nullptr) apply(annotations, io::Document::object({{"annotation", "tag"}, {"tag", *text}}));
    }
  }
  const std::string notes = record.text({"notes"});
  if (notes.empty()) return annotations;
  const io::Document* segments = record.find("segments");
  const bool is_signed = segments != nullptr && !segments->items().empty();
  annotations.notes.push_back({time_from(record.text({"started"})).value_or(Time{}),
                               is_signed ? segments->items().front().text({"user"}) : "", notes});
  return annotations;
}

/// True where the last line was cut, so that the next one must not be written behind it.
bool ends_within_a_line(io::File& file) {
  const std::uint64_t size = file.size();
  std::byte last{};
  return size != 0 && file.read_at(size - 1, {&last, 1}) == 1 && last != std::byte{'\n'};
}

}  // namespace

Annotations read_annotations(io::FileSystem& files, const std::filesystem::path& folder, const io::Document& record) {
  Annotations annotations = begun_with(record);
  const std::filesystem::path path = folder / k_annotations_file;
  if (!files.exists(path)) return annotations;
  const std::string text = io::read_text(files, path);
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    const std::string_view line = std::string_view(text).substr(start, end - start);
    start = end + 1;
    if (!line.starts_with('{')) continue;
    try {
      apply(annotations, io::Document::parse(line));
    } catch (const DataError&) {
      continue;  // cut by a crash, or by a medium that was full; the line behind it stands for itself
    }
  }
  return annotations;
}

void annotate(io::FileSystem& files, const std::filesystem::path& folder, std::string_view kind,
              const io::Document& details) {
  io::Document line = io::Document::object({{"annotation", kind}});
  line.merge(details);
  line["wall"] = rfc3339(base::system_clock().wall());
  line["user"] = base::user_name();
  line["host"] = base::host_name();
  const std::filesystem::path path = folder / k_annotations_file;
  const std::unique_ptr<io::File> before = files.open(path, io::OpenMode::read);
  const std::string text = (before && ends_within_a_line(*before) ? "\n" : "") + line.dump() + "\n";
  const base::BlockingRegion region;
  const std::unique_ptr<io::File> file = files.open(path, io::OpenMode::append);
  file->append(io::as_bytes(text));
  file->sync();
}

}  // namespace wheatstone::storage
