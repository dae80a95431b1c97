// A medium with little room: a run is refused before it begins, or can say how it ended.

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <wheatstone/error.hpp>

#include "base/test_refusal.hpp"
#include "io/fault_file.hpp"
#include "storage/experiment_state.hpp"
#include "storage/run_folder.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

using base::expect_says;
using base::reason;

/// A file system of so many bytes, gone with the object. Only root may mount one.
class SmallMedium {
 public:
  explicit SmallMedium(const char* options) {
    std::filesystem::create_directories(path());
    is_mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, options) == 0;
  }
  ~SmallMedium() {
    if (is_mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  SmallMedium(const SmallMedium&) = delete;
  SmallMedium& operator=(const SmallMedium&) = delete;

  [[nodiscard]] bool is_mounted() const { return is_mounted_; }
  [[nodiscard]] std::filesystem::path path() const { return store_.path() / "small"; }
  [[nodiscard]] std::filesystem::path runs() const { return path() / "runs"; }

 private:
  TestStore store_;
  bool is_mounted_ = false;
};

std::unique_ptr<RunWriter> begin(const std::filesystem::path& store, io::FileSystem& files = io::system_files()) {
  return RunWriter::create(store, {"full", {}}, base::system_clock(), files);
}

/// Commits rows until the medium refuses one; says why.
std::string fill(RunWriter& run) {
  const std::size_t v = run.add_column(column("v"));
  return reason<StorageError>([&] {
    for (int row = 0; row < 1'000'000; ++row) {
      run.set(v, static_cast<double>(row));
      run.commit();
    }
  });
}

TEST(FullMedium, refuses_a_run_before_its_first_point_and_leaves_nothing) {
  for (std::uint64_t capacity = 0; capacity < 130'000; capacity += 5'000) {
    io::FaultDisk disk;
    disk.capacity = capacity;
    expect_says(reason<StorageError>([&] { begin("/disk/runs", disk); }), "the run cannot begin: ");
    for (const io::FolderEntry& entry : disk.list("/disk/runs")) ADD_FAILURE() << entry.name << " was left";
  }
}

TEST(FullMedium, that_took_a_run_takes_its_first_row_and_its_end) {
  for (const bool refuse_reservation : {false, true}) {
    std::uint64_t begun = 0;
    for (std::uint64_t capacity = 130'000; capacity < 180'000; capacity += 1'000) {
      io::FaultDisk disk;
      disk.refuse_reservation = refuse_reservation;
      disk.capacity = capacity;
      std::unique_ptr<RunWriter> run;
      const std::string refused = reason<StorageError>([&] { run = begin("/disk/runs", disk); });
      if (!run) {
        expect_says(refused, "the medium is full");
        continue;
      }
      ++begun;
      expect_says(fill(*run), "the medium is full");
      EXPECT_GT(run->row_count(), 0U) << "with " << capacity << " bytes not even one row was taken";
      run->event("ended_early", io::Document::object({{"error", std::string(2000, 'x')}}));
      run->finish(Outcome::failed, io::Document::object({{"error", std::string(2000, 'x')}}));
      const Experiment experiment = ExperimentAccess::open(run->folder(), disk);
      EXPECT_EQ(experiment.state(), RunState::failed);
      EXPECT_EQ(experiment.row_count(), run->row_count());
    }
    EXPECT_GT(begun, 10U);
  }
}

TEST(FullMedium, of_the_system_is_found_before_the_first_point) {
  const SmallMedium medium("size=48k");
  if (!medium.is_mounted()) GTEST_SKIP() << "only root may mount a small file system";
  const std::string why = reason<StorageError>([&] { begin(medium.runs()); });
  expect_says(why, "the run cannot begin: cannot reserve 65536 bytes");
  expect_says(why, "the medium is full, free some space or choose another store");
  EXPECT_TRUE(std::filesystem::is_empty(medium.runs()));
}

TEST(FullMedium, of_the_system_ends_a_run_that_says_so) {
  const SmallMedium medium("size=1m");
  if (!medium.is_mounted()) GTEST_SKIP() << "only root may mount a small file system";
  auto run = begin(medium.runs());
  const std::string why = fill(*run);
  expect_says(why, "the medium is full");
  const std::uint64_t rows = run->row_count();
  EXPECT_GT(rows, 10'000U);
  run->event("ended_early", io::Document::object({{"error", why}}));
  run->finish(Outcome::failed, io::Document::object({{"error", why}}));
  const Experiment experiment = Experiment::open(run->folder());
  EXPECT_EQ(experiment.state(), RunState::failed);
  EXPECT_EQ(experiment.row_count(), rows);
}

}  // namespace
}  // namespace wheatstone::storage
