#include "catalogue/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>

#include "catalogue/search_words.hpp"

namespace wheatstone::catalogue {
namespace {

// Words of text: letters, digits and private characters; So has the pictographs, which spaced() sets apart.
constexpr const char* k_tables = R"(
PRAGMA secure_delete = OFF;
CREATE TABLE run(key INTEGER PRIMARY KEY, folder TEXT NOT NULL UNIQUE, stamp INTEGER NOT NULL, has_ended INTEGER NOT NULL,
  has_annotations INTEGER NOT NULL,  id TEXT, name TEXT, state INTEGER, started INTEGER, ended INTEGER, row_count INTEGER, size INTEGER, kind TEXT,
  description TEXT, error TEXT, script TEXT, user TEXT, host TEXT, trouble TEXT);
CREATE INDEX run_id ON run(id);
CREATE TABLE tag(run INTEGER, place INTEGER, text TEXT, PRIMARY KEY(run, place)) WITHOUT ROWID;
CREATE TABLE note(run INTEGER, place INTEGER, at INTEGER, by TEXT, text TEXT, PRIMARY KEY(run, place)) WITHOUT ROWID;
CREATE TABLE parameter(run INTEGER, place INTEGER, name TEXT, unit TEXT, count INTEGER, least REAL, greatest REAL,
  PRIMARY KEY(run, place)) WITHOUT ROWID;
CREATE TABLE instrument(run INTEGER, place INTEGER, alias TEXT, model TEXT, serial TEXT, maker TEXT, profile TEXT,
  address TEXT, PRIMARY KEY(run, place)) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(name, tags, words, devices, origin, further,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co So'");
)";

struct KeyedRun {
  std::int64_t key = 0;
  RunSummary summary = {};
};

/// Rows of a table about runs, beside the runs that they are about: both ascend by key.
template <class Add>
void add_rows(Statement rows, std::vector<KeyedRun>& runs, Add add) {
  auto at = runs.begin();
  while (rows.step()) {
    const std::int64_t key = rows.integer(0);
    while (at != runs.end() && at->key < key) ++at;
    if (at == runs.end()) return;
    if (at->key == key) add(at->summary, rows);
  }
}

RunSummary summary_of(const Statement& row, const std::filesystem::path& store) {
  RunSummary run;
  run.folder = store / row.text(1);
  run.id = row.text(2);
  run.name = row.text(3);
  run.state = static_cast<RunState>(row.integer(4));
  run.started = {row.integer(5)};
  if (const std::optional<std::int64_t> ended = row.integer_or_null(6)) run.ended = Time{*ended};
  run.row_count = static_cast<std::uint64_t>(row.integer(7));
  run.size_bytes = static_cast<std::uint64_t>(row.integer(8));
  run.kind = row.text(9);
  run.description = row.text(10);
  run.error = row.text(11);
  run.script = row.text(12);
  run.user = row.text(13);
  run.host = row.text(14);
  run.trouble = row.text(15);
  return run;
}

constexpr std::string_view k_columns =
    "key, folder, id, name, state, started, ended, row_count, size, kind, description, error, script, user, host, "
    "trouble";

std::vector<RunSummary> heads_from(Statement& rows, const std::filesystem::path& store) {
  std::vector<RunSummary> runs;
  while (rows.step()) {
    RunSummary run{.id = rows.text(1), .name = rows.text(2)};
    run.folder = store / rows.text(0);
    run.started = {rows.integer(3)};
    run.trouble = rows.text(4);
    runs.push_back(std::move(run));
  }
  return runs;
}

constexpr std::array<std::string_view, 4> k_parts = {
    "SELECT run, text FROM tag", "SELECT run, at, by, text FROM note",
    "SELECT run, name, unit, count, least, greatest FROM parameter",
    "SELECT run, alias, model, serial, maker, profile, address FROM instrument"};

void add_part(std::size_t part, RunSummary& run, const Statement& row) {
  switch (part) {
    case 0:
      run.tags.push_back(row.text(1));
      break;
    case 1:
      run.notes.push_back({{row.integer(1)}, row.text(2), row.text(3)});
      break;
    case 2:
      run.parameters.push_back({row.text(1), Unit(row.text(2)), static_cast<std::uint64_t>(row.integer(3)),
                                row.real_or_null(4), row.real_or_null(5)});
      break;
    default:
      run.instruments.push_back({row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)});
  }
}

// The last column, of further words, is for finding only.
constexpr std::string_view k_excerpts =
    "SELECT snippet(found, 0, '«', '»', ' … ', 12), snippet(found, 1, '«', '»', ' … ', 12), "
    "snippet(found, 2, '«', '»', ' … ', 12), snippet(found, 3, '«', '»', ' … ', 12), "
    "snippet(found, 4, '«', '»', ' … ', 12), snippet(found, 5, '«', '»', ' … ', 1) "
    "FROM found WHERE found MATCH ? AND rowid = ?";

/// The first text with a word that was looked for.
std::string excerpt_from(Statement& texts) {
  constexpr int k_texts = 6;
  if (!texts.step()) return {};
  for (int text = 0; text < k_texts; ++text) {
    std::string excerpt = texts.text(text);
    if (excerpt.find("«") != std::string::npos) return excerpt;
  }
  return {};
}

/// All runs, ascending by key.
std::vector<KeyedRun> all_runs(const Database& database, const std::filesystem::path& store) {
  std::vector<KeyedRun> runs;
  Statement rows = database.prepare(fmt::format("SELECT {} FROM run ORDER BY key", k_columns));
  while (rows.step()) runs.push_back({rows.integer(0), summary_of(rows, store)});
  for (std::size_t part = 0; part < k_parts.size(); ++part) {
    add_rows(database.prepare(fmt::format("{} ORDER BY run, place", k_parts[part])), runs,
             [&](RunSummary& run, const Statement& row) { add_part(part, run, row); });
  }
  return runs;
}

/// So many runs cost as much to find one by one as a whole store to read.
constexpr std::size_t k_worth_reading_all = 1000;

/// Runs that are asked for by their keys, each once.
class RunsByKey {
 public:
  RunsByKey(const Database& database, const std::filesystem::path& store, std::size_t wanted)
      : store_(store), head_(database.prepare(fmt::format("SELECT {} FROM run WHERE key = ?", k_columns))) {
    for (const std::string_view part : k_parts)
      parts_.push_back(database.prepare(fmt::format("{} WHERE run = ? ORDER BY place", part)));
    if (wanted > k_worth_reading_all) all_ = all_runs(database, store);
  }

  std::optional<RunSummary> take(std::int64_t key) {
    if (!all_.empty()) {
      const auto at = std::ranges::lower_bound(all_, key, {}, &KeyedRun::key);
      if (at == all_.end() || at->key != key) return std::nullopt;
      return std::move(at->summary);
    }
    if (!head_.with(key).step()) return std::nullopt;
    RunSummary run = summary_of(head_, store_);
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      parts_[part].with(key);
      while (parts_[part].step()) add_part(part, run, parts_[part]);
    }
    return run;
  }

 private:
  const std::filesystem::path& store_;
  Statement head_;
  std::vector<Statement> parts_ = {};
  std::vector<KeyedRun> all_ = {};
};

/// The best first: a word in a run's name or tags says more of it than one in the name of its folder. Of equals the
/// later run.
std::vector<std::int64_t> ranked_keys(const Database& database, const std::string& query) {
  std::vector<std::int64_t> keys;
  Statement found = database.prepare(
      "SELECT found.rowid FROM found CROSS JOIN run ON run.key = found.rowid WHERE found MATCH ? "
      "ORDER BY bm25(found, 10, 8, 4, 3, 1, 1), run.started DESC, run.folder");
  found.with(query);
  while (found.step()) keys.push_back(found.integer(0));
  return keys;
}

}  // namespace

void make_tables(Database& database) { database.run(k_tables); }

RunTable::RunTable(Database& database)
    : database_(database),
      find_(database.prepare("SELECT key FROM run WHERE folder = ?")),
      run_(database.prepare(
          "INSERT INTO run(folder, stamp, has_ended, has_annotations, id, name, state, started, ended, "
          "row_count, size, kind, description, error, script, user, host, trouble) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")),
      tag_(database.prepare("INSERT INTO tag VALUES(?,?,?)")),
      note_(database.prepare("INSERT INTO note VALUES(?,?,?,?,?)")),
      parameter_(database.prepare("INSERT INTO parameter VALUES(?,?,?,?,?,?,?)")),
      instrument_(database.prepare("INSERT INTO instrument VALUES(?,?,?,?,?,?,?,?)")),
      words_(database.prepare("INSERT INTO found(rowid, name, tags, words, devices, origin, further) "
                              "VALUES(?,?,?,?,?,?,?)")) {
  for (const char* sql : {"DELETE FROM run WHERE key = ?", "DELETE FROM tag WHERE run = ?",
                          "DELETE FROM note WHERE run = ?", "DELETE FROM parameter WHERE run = ?",
                          "DELETE FROM instrument WHERE run = ?", "DELETE FROM found WHERE rowid = ?"}) {
    forget_.push_back(database.prepare(sql));
  }
}

void RunTable::put(const ReadRun& run, std::int64_t stamp, Looked looked) {
  const RunSummary& summary = run.summary;
  const std::string folder = summary.folder.filename().string();
  std::optional<std::int64_t> present;
  if (find_.with(folder).step()) present = find_.integer(0);
  if (present) forget(*present);
  std::optional<std::int64_t> ended;
  if (summary.ended) ended = summary.ended->nanoseconds;
  run_.with(folder, stamp, std::int64_t{looked.has_ended}, std::int64_t{looked.has_annotations}, summary.id,
            summary.name, static_cast<std::int64_t>(summary.state), summary.started.nanoseconds, ended,
            static_cast<std::int64_t>(summary.row_count), static_cast<std::int64_t>(summary.size_bytes), summary.kind,
            summary.description, summary.error, summary.script, summary.user, summary.host, summary.trouble)
      .run();
  const std::int64_t key = database_.last_key();
  put_parts(key, summary);
  put_words(key, run);
}

void RunTable::put_parts(std::int64_t key, const RunSummary& run) {
  std::int64_t place = 0;
  for (const std::string& each : run.tags) tag_.with(key, place++, each).run();
  for (const RunNote& each : run.notes) note_.with(key, place++, each.at.nanoseconds, each.by, each.text).run();
  for (const RunParameter& each : run.parameters) {
    parameter_
        .with(key, place++, each.name, each.unit.label(), static_cast<std::int64_t>(each.count), each.least,
              each.greatest)
        .run();
  }
  for (const RunInstrument& each : run.instruments)
    instrument_.with(key, place++, each.alias, each.model, each.serial, each.maker, each.profile, each.address).run();
}

void RunTable::put_words(std::int64_t key, const ReadRun& run) {
  SearchedText text = searched_text(run);
  std::string further;
  for (std::string* each : {&text.name, &text.tags, &text.words, &text.devices}) {
    further += further_words(*each);
    *each = spaced(*each);
  }
  words_.with(key, text.name, text.tags, text.words, text.devices, text.origin, further).run();
}

void RunTable::forget(std::int64_t key) {
  for (Statement& each : forget_) each.with(key).run();
}

std::vector<RunSummary> get_runs(const Database& database, const std::filesystem::path& store) {
  std::vector<RunSummary> summaries;
  std::vector<KeyedRun> runs = all_runs(database, store);
  summaries.reserve(runs.size());
  for (KeyedRun& run : runs) summaries.push_back(std::move(run.summary));
  return summaries;
}

std::vector<RunSummary> get_heads(const Database& database, const std::filesystem::path& store) {
  Statement heads = database.prepare("SELECT folder, id, name, started, trouble FROM run ORDER BY key");
  std::vector<RunSummary> runs = heads_from(heads, store);
  Statement tags = database.prepare(
      "SELECT folder, text FROM tag JOIN run ON run.key = tag.run WHERE substr(text, 1, ?) = ? ORDER BY key, place");
  tags.with(static_cast<std::int64_t>(k_codename_tag.size()), k_codename_tag);
  auto run = runs.begin();
  while (tags.step()) {
    const std::filesystem::path folder = store / tags.text(0);
    run = std::find_if(run, runs.end(), [&](const RunSummary& each) { return each.folder == folder; });
    if (run == runs.end()) break;
    run->tags.push_back(tags.text(1));
  }
  return runs;
}

std::vector<RunSummary> get_doubles(const Database& database, const std::filesystem::path& store,
                                    const std::vector<SearchHit>& hits) {
  if (hits.size() > k_worth_reading_all) {
    Statement all = database.prepare(
        "SELECT folder, id, name, started, trouble FROM run WHERE id <> '' AND id IN "
        "(SELECT id FROM run GROUP BY id HAVING COUNT(*) > 1)");
    return heads_from(all, store);
  }
  std::vector<RunSummary> doubles;
  Statement same = database.prepare("SELECT folder, id, name, started, trouble FROM run WHERE id = ?");
  std::set<std::string_view> ids;
  for (const SearchHit& hit : hits) {
    if (hit.run.id.empty() || !ids.insert(hit.run.id).second) continue;
    std::vector<RunSummary> runs = heads_from(same.with(hit.run.id), store);
    if (runs.size() > 1) std::ranges::move(runs, std::back_inserter(doubles));
  }
  return doubles;
}

SearchPage search_runs(const Database& database, const std::filesystem::path& store, const std::string& query,
                       std::size_t limit, const Fits& fits) {
  constexpr std::size_t k_most_excerpts = 50;
  const std::vector<std::int64_t> keys = ranked_keys(database, query);
  RunsByKey runs(database, store, fits ? keys.size() : std::min(limit, keys.size()));
  Statement excerpts = database.prepare(k_excerpts);
  SearchPage page;
  for (const std::int64_t key : keys) {
    if (!fits && page.hits.size() == limit) break;
    std::optional<RunSummary> run = runs.take(key);
    if (!run || (fits && !fits(*run))) continue;
    ++page.found;
    if (page.hits.size() == limit) continue;
    SearchHit hit{.run = std::move(*run)};
    if (page.hits.size() < k_most_excerpts) hit.excerpt = excerpt_from(excerpts.with(query, key));
    page.hits.push_back(std::move(hit));
  }
  if (!fits) page.found = keys.size();
  return page;
}

}  // namespace wheatstone::catalogue
