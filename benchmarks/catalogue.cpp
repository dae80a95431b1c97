// Listing and searching a store of ten thousand runs, beside a plain walk that only stats the same folders; what a
// short run takes on the medium.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <wheatstone/store.hpp>

#include "report.hpp"
#include "storage/annotations.hpp"
#include "storage/run_writer.hpp"

namespace {

using namespace wheatstone;
using namespace wheatstone::benchmark_report;

constexpr int k_runs = 10'000;
constexpr int k_rows = 9;
constexpr int k_repeats = 9;

/// The machine's files, but that nothing waits for the medium: ten thousand runs are made in seconds.
class UnsyncedFile final : public io::File {
 public:
  explicit UnsyncedFile(std::unique_ptr<io::File> file) : file_(std::move(file)) {}
  std::uint64_t size() override { return file_->size(); }
  io::Reservation reserve(std::uint64_t size) override { return file_->reserve(size); }
  std::shared_ptr<io::Mapping> map(std::uint64_t size, io::Access access) override { return file_->map(size, access); }
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override { file_->write_at(offset, bytes); }
  std::size_t read_at(std::uint64_t offset, std::span<std::byte> bytes) override {
    return file_->read_at(offset, bytes);
  }
  void append(std::span<const std::byte> bytes) override { file_->append(bytes); }
  void sync() override {}
  io::Locked lock() override { return file_->lock(); }
  bool locked_elsewhere() override { return file_->locked_elsewhere(); }

 private:
  std::unique_ptr<io::File> file_;
};

class UnsyncedFiles final : public io::FileSystem {
 public:
  std::unique_ptr<io::File> open(const std::filesystem::path& path, io::OpenMode mode) override {
    std::unique_ptr<io::File> file = files_.open(path, mode);
    return file ? std::make_unique<UnsyncedFile>(std::move(file)) : nullptr;
  }
  bool make_folder(const std::filesystem::path& path) override { return files_.make_folder(path); }
  void make_folders(const std::filesystem::path& path) override { files_.make_folders(path); }
  std::vector<io::FolderEntry> list(const std::filesystem::path& path) override { return files_.list(path); }
  bool exists(const std::filesystem::path& path) override { return files_.exists(path); }
  std::optional<io::Stamp> stamp(const std::filesystem::path& path) override { return files_.stamp(path); }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override { files_.rename(from, to); }
  void remove(const std::filesystem::path& path) override { files_.remove(path); }
  void remove_folder(const std::filesystem::path& path) override { files_.remove_folder(path); }
  void sync_folder(const std::filesystem::path&) override {}
  bool is_shared_medium(const std::filesystem::path& path) override { return files_.is_shared_medium(path); }

 private:
  io::FileSystem& files_ = io::system_files();
};

io::Document instrument(const std::string& alias, const std::string& model, int serial) {
  return io::Document::object({{"alias", alias},
                               {"profile", "keysight/" + model},
                               {"kind", "multimeter"},
                               {"address", "TCPIP::" + alias + ".lab::5025::SOCKET"},
                               {"identity", fmt::format("Keysight Technologies,{},MY{:08},A.03", model, serial)}});
}

/// What a session says of a run, 2 kB of it.
io::Document details_of(int number) {
  io::Document details = io::Document::object(
      {{"description", fmt::format("Leakage of device D{} after {} hours at 85 °C", number % 100, number / 100)},
       {"plan", io::Document::object({{"kind", "sweep"}, {"order", "grid"}})}});
  io::Document values = io::Document::array();
  for (int i = 0; i < k_rows; ++i) values.push_back(0.1 * i);
  details["parameters"] = io::Document::array({io::Document::object({{"name", "gate_voltage"},
                                                                     {"unit", "V"},
                                                                     {"notes", "of the transistor"},
                                                                     {"count", k_rows},
                                                                     {"values", values}})});
  details["instruments"] =
      io::Document::array({instrument("psu", "EDU36311A", number % 7), instrument("dmm", "34470A", number % 11)});
  details["script"] = io::Document::object({{"file", "/home/anna/leakage.py"}, {"source", std::string(1200, 'x')}});
  return details;
}

std::filesystem::path make_run(const std::filesystem::path& store, int number, io::FileSystem& files) {
  const std::string name = number % 5000 == 17 ? "Überspannung" : fmt::format("leakage D{}", number % 100);
  auto run = storage::RunWriter::create(store, {name, details_of(number), {}}, base::system_clock(), files);
  for (const char* column : {"gate_voltage", "timestamp", "i_drain"}) run->add_column({column});
  for (int row = 0; row < k_rows; ++row) {
    for (std::size_t column = 0; column < 3; ++column) run->set(column, 0.1 * row);
    run->commit();
  }
  run->finish(storage::Outcome::finished, {});
  return run->folder();
}

/// What a look at every folder costs at least.
int walk(const std::filesystem::path& store) {
  int found = 0;
  DIR* const folder = ::opendir(store.c_str());
  while (const dirent* entry = ::readdir(folder)) {
    struct ::stat status{};
    const std::string name = entry->d_name;
    const bool is_run = ::fstatat(::dirfd(folder), (name + "/run.json").c_str(), &status, 0) == 0 &&
                        ::fstatat(::dirfd(folder), name.c_str(), &status, 0) == 0;
    ::fstatat(::dirfd(folder), (name + "/annotations.jsonl").c_str(), &status, 0);
    found += is_run;
  }
  ::closedir(folder);
  return found;
}

void bench_short_run() {
  const ScratchStore store("short");
  const std::filesystem::path run = make_run(store.path(), 1, io::system_files());
  std::uintmax_t allocated = 0;
  std::uintmax_t length = 0;
  for (const auto& entry : std::filesystem::directory_iterator(run)) {
    struct ::stat status{};
    require(::stat(entry.path().c_str(), &status) == 0, "a file of the run is gone");
    allocated += static_cast<std::uintmax_t>(status.st_blocks) * 512;
    length += static_cast<std::uintmax_t>(status.st_size);
  }
  fmt::print("{:<52} {:>10.1f} kB  | {:<44} {:>10.1f} kB\n", "a run of 9 rows, room that its files take",
             static_cast<double>(allocated) / 1e3, "their length", static_cast<double>(length) / 1e3);
}

void bench_store() {
  const ScratchStore store("catalogue");
  UnsyncedFiles files;
  for (int number = 0; number < k_runs; ++number) {
    const std::filesystem::path run = make_run(store.path(), number, files);
    if (number % 10 == 0) storage::annotate(files, run, "tag", io::Document::object({{"tag", "golden"}}));
  }
  const double first = seconds_of([&] { require(Store(store.path()).runs().size() == k_runs, "the first listing"); });
  ::timespec settled{3, 0};  // until the file system's clock tells later changes from those of the making
  ::nanosleep(&settled, nullptr);
  require(Store(store.path()).rebuild() == k_runs, "the rebuilt catalogue");
  const double stat = median_seconds(k_repeats, [&] { require(walk(store.path()) == k_runs, "the walk"); });
  const auto beside = [&](const std::string& what, const std::function<void()>& work) {
    report(what, median_seconds(k_repeats, work) * 1e3, "ms", "stat of the same folders", stat * 1e3);
  };
  report("read 10,000 runs into a new catalogue", first * 1e3, "ms", "stat of the same folders", stat * 1e3);
  beside("list 10,000 runs", [&] { require(Store(store.path()).runs().size() == k_runs, "a listing"); });
  beside("  of which one tag",
         [&] { require(Store(store.path()).runs({.tags = {"golden"}}).size() == k_runs / 10, "a listing by tag"); });
  beside("search them for a word that 2 have",
         [&] { require(Store(store.path()).search("ueberspannung").size() == 2, "a search"); });
  beside("  for two words that 100 have",
         [&] { require(Store(store.path()).search("device \"D77\"").size() == k_runs / 100, "a search"); });
  beside("  for a word that all have, the best 50",
         [&] { require(Store(store.path()).search_page("leakage", 50).found == k_runs, "a search"); });
  beside("  and all of them", [&] { require(Store(store.path()).search("leakage").size() == k_runs, "a search"); });
  const std::string last = Store(store.path()).runs().back().id;
  beside("find the last one",
         [&] { require(Experiment::open(Store(store.path()).find("last")).id() == last, "the last run"); });
  const Store held(store.path());
  require(held.runs().size() == k_runs, "a listing");
  beside("list them again in the same process", [&] { require(held.runs().size() == k_runs, "a listing"); });
  beside("search again in the same process", [&] { require(held.search("ueberspannung").size() == 2, "a search"); });
  fmt::print("{:<52} {:>10.1f} MB\n", "the catalogue's file",
             static_cast<double>(std::filesystem::file_size(store.path() / "catalog.sqlite")) / 1e6);
}

}  // namespace

int main() {
  const ScratchStore account("account");
  ::setenv("XDG_STATE_HOME", (account.path() / "state").c_str(), 1);
  ::setenv("XDG_CACHE_HOME", (account.path() / "cache").c_str(), 1);
  bench_short_run();
  bench_store();
}
